//! The loss of a page and its gradient: the forward pass of the library, then
//! back through what it left on the tape.

use bodycopy::Kind;
use bodycopy::inside::{
    CHANNELS, DILATIONS, FADES, Model, PAGE_LAYER, Parameters, Row, Scores, TAPS, Tape, add_scaled, feature, softmax,
    tensors,
};

/// What a block should be: the kinds that are right, and how much it counts.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Bit set of kinds; none where the block is not judged.
    pub right: u32,
    pub weight: f32,
    /// How far it is doubted that the block is body or not; more than 0.
    pub doubt: f32,
}

/// How far the kind is doubted of a block that is not body; near 0 the loss
/// would be the plain cross entropy.
const DOUBT_OF_KIND: f32 = 0.2;

const BODY: usize = Kind::Body.index();

/// Where each tensor starts among the parameters.
struct Places(Vec<usize>);

impl Places {
    fn new() -> Places {
        let sizes = tensors().into_iter().scan(0, |at, (_, size)| {
            *at += size;
            Some(*at - size)
        });
        Places(sizes.collect())
    }
    fn layer(&self, layer: usize, tensor: usize) -> usize {
        self.0[2 + 5 * layer + tensor]
    }
    fn last(&self, back: usize) -> usize {
        self.0[self.0.len() - back]
    }
}

/// Works through pages, one after the other.
pub struct Gradient {
    pub sum: Parameters,
    pub loss: f64,
    tape: Tape,
    places: Places,
    hidden: Vec<Row>,
    convolved: Vec<Row>,
}

fn rows(values: &mut [f32], at: usize, count: usize) -> &mut [Row] {
    values[at..at + count * CHANNELS].as_chunks_mut().0
}

fn dot(a: &Row, b: &Row) -> f32 {
    // Eight sums side by side, so that they fit vector registers.
    let mut sums = [0.0f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

#[inline(always)]
fn add_scores(sum: &mut Scores, row: &Scores, factor: f32) {
    for (score, weight) in sum.iter_mut().zip(row) {
        *score += factor * weight;
    }
}

/// The doubted loss of probabilities of which some kinds' are right; adds what
/// it is by each score to `slope`.
fn doubted(chances: &Scores, is_right: impl Fn(usize) -> bool, doubt: f32, weight: f32, slope: &mut Scores) -> f64 {
    let right: f32 = (0..chances.len()).filter(|&k| is_right(k)).map(|k| chances[k]).sum();
    let right = right.max(1e-30);
    let believed = right.powf(doubt);
    for k in 0..chances.len() {
        let share = if is_right(k) { chances[k] / right } else { 0.0 };
        slope[k] += weight * believed * (chances[k] - share);
    }
    f64::from(weight * (1.0 - believed) / doubt)
}

impl Gradient {
    pub fn new() -> Gradient {
        Gradient {
            sum: Parameters::zeros(),
            loss: 0.0,
            tape: Tape::recording(),
            places: Places::new(),
            hidden: Vec::new(),
            convolved: Vec::new(),
        }
    }

    /// Adds the gradient of a page's loss. A block's loss is that of its being
    /// body or not, and of its kind if it is not, each (1 − P^doubt) / doubt
    /// with P the probability of what is right: the generalised cross entropy
    /// of Zhang & Sabuncu (2018), which gives less to labels that the model
    /// cannot believe.
    pub fn add(&mut self, model: &Model, features: &[f32], targets: &[Target]) {
        model.forward(features, None, &mut self.tape);
        let n = targets.len();
        let values = &mut self.sum.0;
        self.hidden.clear();
        self.hidden.resize(n, [0.0; CHANNELS]);
        let head_at = self.places.last(3);
        let bias_at = self.places.last(2);
        let direct_at = self.places.last(1);
        let top = &self.tape.hidden[DILATIONS.len()];
        for t in 0..n {
            let target = targets[t];
            if target.right == 0 || target.weight == 0.0 {
                continue;
            }
            // Whether it is body; and, as if that were out of the question, its kind.
            let scores = self.tape.scores[t];
            let mut others = scores;
            others[BODY] = f32::MIN;
            let is_body = target.right >> BODY & 1 == 1;
            let mut slope = [0.0; Kind::COUNT];
            self.loss +=
                doubted(&softmax(&scores), |k| (k == BODY) == is_body, target.doubt, target.weight, &mut slope);
            if !is_body {
                let is_right = |k| target.right >> k & 1 == 1;
                self.loss += doubted(&softmax(&others), is_right, DOUBT_OF_KIND, target.weight, &mut slope);
            }
            let head = model.parameters.head();
            for c in 0..CHANNELS {
                let mut sum = 0.0;
                for (k, slope) in slope.iter().enumerate() {
                    values[head_at + c * slope_len() + k] += top[t][c] * slope;
                    sum += head[c][k] * slope;
                }
                self.hidden[t][c] = sum;
            }
            for (k, slope) in slope.iter().enumerate() {
                values[bias_at + k] += slope;
            }
            let direct = values[direct_at..].as_chunks_mut().0;
            for (f, &value) in features[t * feature::COUNT..][..feature::COUNT].iter().enumerate() {
                add_scores(&mut direct[f], &slope, model.standard(f, value));
            }
        }
        for layer in (0..DILATIONS.len()).rev() {
            self.layer(model, layer, n);
        }
        self.dense(model, features);
    }

    fn layer(&mut self, model: &Model, layer: usize, n: usize) {
        let weights = model.parameters.layer(layer);
        let dilation = DILATIONS[layer];
        let input = &self.tape.hidden[layer];
        let traces = &self.tape.layers[layer];
        let values = &mut self.sum.0;
        // Through the rectifier and the mix.
        let mut bias = [0.0; CHANNELS];
        self.convolved.clear();
        let mix_at = self.places.layer(layer, 3);
        for t in 0..n {
            let mut slope = self.hidden[t];
            for c in 0..CHANNELS {
                if traces.rectified[t][c] <= 0.0 {
                    slope[c] = 0.0;
                }
            }
            add_scaled(&mut bias, &slope, 1.0);
            let mix = rows(values, mix_at, CHANNELS);
            let mut back = [0.0; CHANNELS];
            for c in 0..CHANNELS {
                add_scaled(&mut mix[c], &slope, traces.convolved[t][c]);
                back[c] = dot(&weights.mix[c], &slope);
            }
            self.convolved.push(back);
        }
        add_scaled(&mut rows(values, self.places.layer(layer, 4), 1)[0], &bias, 1.0);
        if layer == PAGE_LAYER {
            let page = rows(values, self.places.last(4), CHANNELS);
            let mut back = [0.0; CHANNELS];
            for c in 0..CHANNELS {
                add_scaled(&mut page[c], &bias, self.tape.page[c]);
                back[c] = dot(&model.parameters.page()[c], &bias);
            }
            let share = 1.0 / n.max(1) as f32;
            self.hidden.iter_mut().for_each(|row| add_scaled(row, &back, share));
        }
        // Through the convolution.
        let taps = rows(values, self.places.layer(layer, 0), TAPS);
        let reach = TAPS / 2 * dilation;
        for t in 0..n {
            let slope = &self.convolved[t];
            for tap in 0..TAPS {
                let at = t + tap * dilation;
                if at >= reach && at - reach < n {
                    let at = at - reach;
                    for c in 0..CHANNELS {
                        taps[tap][c] += input[at][c] * slope[c];
                        self.hidden[at][c] += weights.taps[tap][c] * slope[c];
                    }
                }
            }
        }
        // Through the fading means: the mean at t holds (1 − fade) of the row
        // before it and fade of the mean before it.
        let keep = FADES;
        let above = rows(values, self.places.layer(layer, 1), 1);
        let mut state = [0.0; CHANNELS];
        for t in (0..n).rev() {
            let slope = &self.convolved[t];
            for c in 0..CHANNELS {
                self.hidden[t][c] += (1.0 - keep[c]) * state[c];
                state[c] = keep[c] * state[c] + weights.above[0][c] * slope[c];
                above[0][c] += traces.above[t][c] * slope[c];
            }
        }
        let below = rows(values, self.places.layer(layer, 2), 1);
        state = [0.0; CHANNELS];
        for t in 0..n {
            let slope = &self.convolved[t];
            for c in 0..CHANNELS {
                self.hidden[t][c] += (1.0 - keep[c]) * state[c];
                state[c] = keep[c] * state[c] + weights.below[0][c] * slope[c];
                below[0][c] += traces.below[t][c] * slope[c];
            }
        }
    }

    fn dense(&mut self, model: &Model, features: &[f32]) {
        let values = &mut self.sum.0;
        let mut bias = [0.0; CHANNELS];
        for (t, values_in) in features.chunks_exact(feature::COUNT).enumerate() {
            let mut slope = self.hidden[t];
            for c in 0..CHANNELS {
                if self.tape.hidden[0][t][c] <= 0.0 {
                    slope[c] = 0.0;
                }
            }
            add_scaled(&mut bias, &slope, 1.0);
            let dense = rows(values, 0, feature::COUNT);
            for (f, &value) in values_in.iter().enumerate() {
                add_scaled(&mut dense[f], &slope, model.standard(f, value));
            }
        }
        add_scaled(&mut rows(values, feature::COUNT * CHANNELS, 1)[0], &bias, 1.0);
    }
}

const fn slope_len() -> usize {
    bodycopy::Kind::ALL.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// The gradient agrees with differences of the loss.
    #[test]
    fn gradient_is_the_slope_of_the_loss() {
        let mut random = Random::new(5);
        let n = 40;
        let features: Vec<f32> = (0..n * feature::COUNT).map(|_| random.unit()).collect();
        let targets: Vec<Target> = (0..n)
            .map(|i| Target { right: if i % 3 == 0 { 1 } else { !1 }, weight: 0.5 + random.unit(), doubt: 0.5 })
            .collect();
        let mut model = Model {
            parameters: Parameters((0..Parameters::COUNT).map(|_| 0.1 * random.normal()).collect()),
            mean: [0.5; feature::COUNT],
            scale: [2.0; feature::COUNT],
        };
        let mut gradient = Gradient::new();
        gradient.add(&model, &features, &targets);
        let slopes = gradient.sum.0.clone();
        let mut at = 0;
        for (name, size) in tensors() {
            for _ in 0..4 {
                let i = at + random.below(size);
                let kept = model.parameters.0[i];
                let mut loss = |value: f32| {
                    model.parameters.0[i] = value;
                    gradient.loss = 0.0;
                    gradient.add(&model, &features, &targets);
                    gradient.loss
                };
                let difference = (loss(kept + 2e-3) - loss(kept - 2e-3)) / 4e-3;
                loss(kept);
                let slope = f64::from(slopes[i]);
                assert!((slope - difference).abs() < 0.02 + 0.05 * slope.abs(), "{name}: {slope} {difference}");
            }
            at += size;
        }
    }
}
