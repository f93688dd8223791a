//! Features → scores: a small temporal convolution network over the blocks.
//!
//! A dense layer turns each block's standardised features into channels. Then
//! come residual layers, each a depthwise convolution of seven taps (dilated 1,
//! 2, 4, 8 …, after van den Oord et al., *WaveNet*, 2016), with two fading
//! means of all that stands above and below, mixed by a pointwise layer; one of
//! them also sees the mean of the whole page. The head gives each kind a score;
//! softmax makes them probabilities.
//!
//! All arithmetic is plain IEEE 754 in a fixed order, without library
//! functions, so that every platform gives the same answer.

use crate::feature;
use crate::kind::Kind;

/// Channels of the hidden layers.
pub const CHANNELS: usize = 48;
/// Dilations of the convolutions, one a layer.
pub const DILATIONS: [usize; 4] = [1, 2, 4, 8];
pub const TAPS: usize = 7;
/// The layer that sees the page's mean.
pub const PAGE_LAYER: usize = 2;
const LIMIT: f32 = 4.0;

pub type Row = [f32; CHANNELS];
pub type Scores = [f32; Kind::COUNT];

/// How fast the means fade, by channel: they remember some 3 to 50 blocks.
pub fn fade(channel: usize) -> f32 {
    [0.7, 0.85, 0.93, 0.98][channel % 4]
}

/// The names and sizes of the trained tensors, in file order.
pub fn tensors() -> Vec<(String, usize)> {
    let mut tensors = vec![("dense".to_owned(), feature::COUNT * CHANNELS), ("dense_bias".to_owned(), CHANNELS)];
    for layer in 0..DILATIONS.len() {
        for (name, size) in [
            ("taps", TAPS * CHANNELS),
            ("above", CHANNELS),
            ("below", CHANNELS),
            ("mix", CHANNELS * CHANNELS),
            ("bias", CHANNELS),
        ] {
            tensors.push((format!("layer{layer}.{name}"), size));
        }
    }
    tensors.push(("page".to_owned(), CHANNELS * CHANNELS));
    tensors.push(("head".to_owned(), CHANNELS * Kind::COUNT));
    tensors.push(("head_bias".to_owned(), Kind::COUNT));
    tensors
}

/// The trained numbers, or as many gradients, laid out by [`tensors`].
#[derive(Clone, Debug)]
pub struct Parameters(pub Vec<f32>);

/// One convolution layer's tensors.
#[derive(Clone, Copy)]
pub struct Layer<T> {
    pub taps: T,
    pub above: T,
    pub below: T,
    pub mix: T,
    pub bias: T,
}

const LAYER: usize = CHANNELS * (TAPS + 2 + CHANNELS + 1);
const DENSE: usize = feature::COUNT * CHANNELS;
const LAYERS_AT: usize = DENSE + CHANNELS;
const PAGE_AT: usize = LAYERS_AT + DILATIONS.len() * LAYER;
const HEAD_AT: usize = PAGE_AT + CHANNELS * CHANNELS;

impl Parameters {
    pub const COUNT: usize = HEAD_AT + (CHANNELS + 1) * Kind::COUNT;

    pub fn zeros() -> Parameters {
        Parameters(vec![0.0; Parameters::COUNT])
    }

    fn rows(&self, at: usize, count: usize) -> &[Row] {
        self.0[at..at + count * CHANNELS].as_chunks().0
    }
    pub fn dense(&self) -> &[Row] {
        self.rows(0, feature::COUNT)
    }
    pub fn dense_bias(&self) -> &Row {
        &self.rows(DENSE, 1)[0]
    }
    pub fn layer(&self, layer: usize) -> Layer<&[Row]> {
        let at = LAYERS_AT + layer * LAYER;
        let row = |rows: usize| at + rows * CHANNELS;
        Layer {
            taps: self.rows(at, TAPS),
            above: self.rows(row(TAPS), 1),
            below: self.rows(row(TAPS + 1), 1),
            mix: self.rows(row(TAPS + 2), CHANNELS),
            bias: self.rows(row(TAPS + 2 + CHANNELS), 1),
        }
    }
    pub fn page(&self) -> &[Row] {
        self.rows(PAGE_AT, CHANNELS)
    }
    pub fn head(&self) -> &[Scores] {
        self.0[HEAD_AT..HEAD_AT + CHANNELS * Kind::COUNT].as_chunks().0
    }
    pub fn head_bias(&self) -> &Scores {
        &self.0[HEAD_AT + CHANNELS * Kind::COUNT..].as_chunks().0[0]
    }
}

/// The network: parameters, and how to standardise the features.
#[derive(Clone, Debug)]
pub struct Model {
    pub parameters: Parameters,
    /// Mean and inverse standard deviation of each feature.
    pub mean: Vec<f32>,
    pub scale: Vec<f32>,
}

/// What the forward pass computed, layer by layer; buffers to use again.
pub struct Tape {
    /// Inputs of the layers, then the output of the last.
    pub hidden: Vec<Vec<Row>>,
    pub layers: Vec<Traces>,
    /// The mean that [`PAGE_LAYER`] sees.
    pub page: Row,
    pub scores: Vec<Scores>,
}

impl Default for Tape {
    fn default() -> Self {
        Tape { hidden: Vec::new(), layers: Vec::new(), page: [0.0; CHANNELS], scores: Vec::new() }
    }
}

/// What happens inside one layer.
#[derive(Default)]
pub struct Traces {
    pub above: Vec<Row>,
    pub below: Vec<Row>,
    pub convolved: Vec<Row>,
    pub rectified: Vec<Row>,
}

impl Model {
    /// A feature's value as the network takes it.
    pub fn standard(&self, feature: usize, value: f32) -> f32 {
        ((value - self.mean[feature]) * self.scale[feature]).clamp(-LIMIT, LIMIT)
    }

    /// Scores every kind for every row of `features` ([`feature::COUNT`]
    /// numbers a block), into `tape.scores`. Where `features` are a part of a
    /// page, `page` is what [`Tape::page`] was for the whole of it.
    pub fn forward(&self, features: &[f32], page: Option<&Row>, tape: &mut Tape) {
        // The same code, compiled for the vector registers that the machine
        // has. Nothing is fused or reordered, so every machine agrees.
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || self.run(features, page, tape),
        );
    }

    #[inline(always)]
    fn run(&self, features: &[f32], page: Option<&Row>, tape: &mut Tape) {
        let n = features.len() / feature::COUNT;
        tape.hidden.resize_with(DILATIONS.len() + 1, Vec::new);
        tape.layers.resize_with(DILATIONS.len(), Traces::default);
        self.dense(features, &mut tape.hidden[0]);
        for (layer, &dilation) in DILATIONS.iter().enumerate() {
            let weights = self.parameters.layer(layer);
            let (before, after) = tape.hidden.split_at_mut(layer + 1);
            let (input, output) = (&before[layer], &mut after[0]);
            let traces = &mut tape.layers[layer];
            let mut bias = weights.bias[0];
            if layer == PAGE_LAYER {
                tape.page = page.copied().unwrap_or_else(|| mean(input));
                for (value, row) in tape.page.iter().zip(self.parameters.page()) {
                    add_scaled(&mut bias, row, *value);
                }
            }
            fading(input.iter(), &mut traces.above, n);
            fading(input.iter().rev(), &mut traces.below, n);
            traces.below.reverse();
            convolve(input, weights, dilation, traces);
            // Plain loops from here on: what is inlined gets the registers.
            traces.rectified.clear();
            output.clear();
            for (row, input) in traces.convolved.iter().zip(input) {
                let new = rectify(mixed(row, weights.mix, bias));
                let mut row = *input;
                add_scaled(&mut row, &new, 1.0);
                traces.rectified.push(new);
                output.push(row);
            }
        }
        let (head, bias) = (self.parameters.head(), self.parameters.head_bias());
        tape.scores.clear();
        for row in &tape.hidden[DILATIONS.len()] {
            let mut scores = *bias;
            for (value, weights) in row.iter().zip(head) {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * weight;
                }
            }
            tape.scores.push(scores);
        }
    }

    #[inline(always)]
    fn dense(&self, features: &[f32], output: &mut Vec<Row>) {
        let weights = self.parameters.dense();
        // A feature that is 0 adds the same every time: start from the sum of
        // those, and add only the differences.
        let zeros: Vec<f32> = (0..feature::COUNT).map(|f| self.standard(f, 0.0)).collect();
        let mut bias = *self.parameters.dense_bias();
        for (zero, row) in zeros.iter().zip(weights) {
            add_scaled(&mut bias, row, *zero);
        }
        output.clear();
        for values in features.chunks_exact(feature::COUNT) {
            let mut row = bias;
            for (f, &value) in values.iter().enumerate() {
                if value != 0.0 {
                    add_scaled(&mut row, &weights[f], self.standard(f, value) - zeros[f]);
                }
            }
            output.push(rectify(row));
        }
    }
}

#[inline(always)]
pub fn add_scaled(sum: &mut Row, row: &Row, factor: f32) {
    for c in 0..CHANNELS {
        sum[c] += factor * row[c];
    }
}

#[inline(always)]
fn rectify(mut row: Row) -> Row {
    row.iter_mut().for_each(|value| *value = value.max(0.0));
    row
}

#[inline(always)]
fn mixed(input: &Row, weights: &[Row], bias: Row) -> Row {
    let mut row = bias;
    for (value, weights) in input.iter().zip(weights) {
        add_scaled(&mut row, weights, *value);
    }
    row
}

#[inline(always)]
fn mean(rows: &[Row]) -> Row {
    let mut sum = [0.0; CHANNELS];
    rows.iter().for_each(|row| add_scaled(&mut sum, row, 1.0));
    let share = 1.0 / rows.len().max(1) as f32;
    sum.map(|value| value * share)
}

/// For every row, the fading mean of the rows before it.
#[inline(always)]
fn fading<'a>(rows: impl Iterator<Item = &'a Row>, means: &mut Vec<Row>, n: usize) {
    let keep: Row = std::array::from_fn(fade);
    let mut state = [0.0; CHANNELS];
    means.clear();
    means.reserve(n);
    for row in rows {
        means.push(state);
        for c in 0..CHANNELS {
            state[c] = keep[c] * state[c] + (1.0 - keep[c]) * row[c];
        }
    }
}

#[inline(always)]
fn convolve(input: &[Row], weights: Layer<&[Row]>, dilation: usize, traces: &mut Traces) {
    let n = input.len();
    let reach = TAPS / 2 * dilation;
    traces.convolved.clear();
    for t in 0..n {
        let mut row = [0.0; CHANNELS];
        for (tap, weights) in weights.taps.iter().enumerate() {
            let at = t + tap * dilation;
            if at >= reach && at - reach < n {
                let input = &input[at - reach];
                for c in 0..CHANNELS {
                    row[c] += weights[c] * input[c];
                }
            }
        }
        let (above, below) = (&traces.above[t], &traces.below[t]);
        for c in 0..CHANNELS {
            row[c] += weights.above[0][c] * above[c] + weights.below[0][c] * below[c];
        }
        traces.convolved.push(row);
    }
}

/// Scores to probabilities.
pub fn softmax(scores: &Scores) -> Scores {
    let top = scores.iter().fold(f32::MIN, |top, score| top.max(*score));
    let powers = scores.map(|score| exp(score - top));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// e^x for x ≤ 0, to some six digits: 2^k by the exponent's bits, the rest by
/// a polynomial.
fn exp(x: f32) -> f32 {
    let x = (x * std::f32::consts::LOG2_E).max(-126.0);
    let whole = (x + 0.5).floor();
    let f = x - whole;
    let power = 1.0
        + f * (std::f32::consts::LN_2 + f * (0.240_226_5 + f * (0.055_504_1 + f * (0.009_618_1 + f * 0.001_333_4))));
    f32::from_bits(((whole as i32 + 127) as u32) << 23) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_fill_the_parameters() {
        assert_eq!(tensors().iter().map(|t| t.1).sum::<usize>(), Parameters::COUNT);
    }

    #[test]
    fn exp_is_close() {
        for i in 0..2000 {
            let x = -(i as f32) * 0.01;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
    }
}
