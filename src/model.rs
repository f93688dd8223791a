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
pub const CHANNELS: usize = 32;
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
    tensors.push(("direct".to_owned(), feature::COUNT * Kind::COUNT));
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
const DIRECT_AT: usize = HEAD_AT + (CHANNELS + 1) * Kind::COUNT;

impl Parameters {
    pub const COUNT: usize = DIRECT_AT + feature::COUNT * Kind::COUNT;

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
    /// What each feature says of the kinds by itself.
    pub fn direct(&self) -> &[Scores] {
        self.0[DIRECT_AT..].as_chunks().0
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

/// What the forward pass computed; buffers to use again.
pub struct Tape {
    /// Inputs of the layers, then the output of the last. A tape that does not
    /// record writes each over the one before the last.
    pub hidden: Vec<Vec<Row>>,
    pub layers: Vec<Traces>,
    /// The mean that [`PAGE_LAYER`] sees.
    pub page: Row,
    pub scores: Vec<Scores>,
    records: bool,
}

impl Default for Tape {
    /// A tape that keeps the scores alone.
    fn default() -> Self {
        Tape { hidden: Vec::new(), layers: Vec::new(), page: [0.0; CHANNELS], scores: Vec::new(), records: false }
    }
}

impl Tape {
    /// A tape that keeps what every layer computed, for the trainer.
    pub fn recording() -> Tape {
        Tape { records: true, ..Tape::default() }
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
        pulp::Arch::new().dispatch(Forward { model: self, features, page, tape });
    }

    #[inline(always)]
    fn run(&self, features: &[f32], page: Option<&Row>, tape: &mut Tape) {
        let layers = DILATIONS.len();
        tape.hidden.resize_with(layers + 1, Vec::new);
        tape.layers.resize_with(layers, Traces::default);
        self.dense(features, &mut tape.hidden[0], &mut tape.scores);
        for (layer, &dilation) in DILATIONS.iter().enumerate() {
            let weights = self.parameters.layer(layer);
            // Without a record, what was two layers ago is written over.
            if !tape.records && layer > 0 {
                tape.hidden.swap(layer - 1, layer + 1);
                tape.layers.swap(layer - 1, layer);
            }
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
            traces.above.resize(input.len(), [0.0; CHANNELS]);
            fading(input.iter(), traces.above.iter_mut());
            traces.below.resize(input.len(), [0.0; CHANNELS]);
            fading(input.iter().rev(), traces.below.iter_mut().rev());
            convolve(input, weights, dilation, traces);
            traces.rectified.resize(input.len(), [0.0; CHANNELS]);
            output.resize(input.len(), [0.0; CHANNELS]);
            let rows = traces.convolved.iter().zip(input).zip(&mut traces.rectified).zip(output);
            for (((convolved, input), rectified), output) in rows {
                *rectified = rectify(mixed(convolved, weights.mix, bias));
                *output = *input;
                add_scaled(output, rectified, 1.0);
            }
        }
        for (scores, row) in tape.scores.iter_mut().zip(&tape.hidden[DILATIONS.len()]) {
            for (value, weights) in row.iter().zip(self.parameters.head()) {
                add_scores(scores, weights, *value);
            }
        }
    }

    #[inline(always)]
    fn dense(&self, features: &[f32], output: &mut Vec<Row>, scores: &mut Vec<Scores>) {
        let (weights, direct) = (self.parameters.dense(), self.parameters.direct());
        // A feature that is 0 adds the same every time: start from the sum of
        // those, and add only the differences.
        let zeros: Vec<f32> = (0..feature::COUNT).map(|f| self.standard(f, 0.0)).collect();
        let (mut bias, mut kinds) = (*self.parameters.dense_bias(), *self.parameters.head_bias());
        for (f, zero) in zeros.iter().enumerate() {
            add_scaled(&mut bias, &weights[f], *zero);
            add_scores(&mut kinds, &direct[f], *zero);
        }
        output.clear();
        scores.clear();
        let mut present = [0; feature::COUNT];
        for values in features.chunks_exact(feature::COUNT) {
            let (mut row, mut kinds) = (bias, kinds);
            // Which features are not 0, without a branch that could go wrong.
            let mut count = 0;
            for (f, &value) in values.iter().enumerate() {
                present[count] = f;
                count += usize::from(value != 0.0);
            }
            for &f in &present[..count] {
                let value = self.standard(f, values[f]) - zeros[f];
                add_scaled(&mut row, &weights[f], value);
                add_scores(&mut kinds, &direct[f], value);
            }
            output.push(rectify(row));
            scores.push(kinds);
        }
    }
}

/// The forward pass as a struct: a closure would not be compiled for the
/// machine's registers.
struct Forward<'a> {
    model: &'a Model,
    features: &'a [f32],
    page: Option<&'a Row>,
    tape: &'a mut Tape,
}

impl pulp::WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.model.run(self.features, self.page, self.tape);
    }
}

#[inline(always)]
pub fn add_scores(sum: &mut Scores, row: &Scores, factor: f32) {
    for (score, weight) in sum.iter_mut().zip(row) {
        *score += factor * weight;
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
fn fading<'a>(rows: impl Iterator<Item = &'a Row>, means: impl Iterator<Item = &'a mut Row>) {
    let keep: Row = std::array::from_fn(fade);
    let mut state = [0.0; CHANNELS];
    for (row, mean) in rows.zip(means) {
        *mean = state;
        for c in 0..CHANNELS {
            state[c] = keep[c] * state[c] + (1.0 - keep[c]) * row[c];
        }
    }
}

#[inline(always)]
fn convolve(input: &[Row], weights: Layer<&[Row]>, dilation: usize, traces: &mut Traces) {
    let n = input.len();
    let reach = TAPS / 2 * dilation;
    traces.convolved.resize(n, [0.0; CHANNELS]);
    let means = traces.above.iter().zip(&traces.below);
    for (t, (convolved, (above, below))) in traces.convolved.iter_mut().zip(means).enumerate() {
        let mut row = [0.0; CHANNELS];
        for c in 0..CHANNELS {
            row[c] = weights.above[0][c] * above[c] + weights.below[0][c] * below[c];
        }
        for (tap, weights) in weights.taps.iter().enumerate() {
            // Past the page's ends stand rows of zeros.
            if let Some(input) = (t + tap * dilation).checked_sub(reach).and_then(|at| input.get(at)) {
                for c in 0..CHANNELS {
                    row[c] += weights[c] * input[c];
                }
            }
        }
        *convolved = row;
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
