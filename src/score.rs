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
use crate::model::{CHANNELS, DILATIONS, FADES, Layer, Model, PAGE_LAYER, Row, Scores, TAPS, Values};

/// What a feature adds to the channels and to the kinds, side by side, filled up
/// to whole vector registers.
type Entry = Lanes<{ (CHANNELS + Kind::COUNT).div_ceil(8) }>;
/// Numbers in whole vector registers.
type Lanes<const N: usize> = [[f32; 8]; N];
/// Registers for a number a kind.
const KINDS: usize = Kind::COUNT.div_ceil(8);

/// What the forward pass computed; buffers to use again.
pub struct Tape {
    /// Inputs of the layers, then the output of the last. A tape that does not
    /// record writes each over the one before the last.
    pub hidden: Vec<Vec<Row>>,
    pub layers: Vec<Traces>,
    /// The mean that [`PAGE_LAYER`] sees.
    pub page: Row,
    pub scores: Vec<Scores>,
    entries: Vec<Entry>,
    records: bool,
}

impl Default for Tape {
    /// A tape that keeps the scores alone.
    fn default() -> Self {
        Tape {
            hidden: Vec::new(),
            layers: Vec::new(),
            page: [0.0; CHANNELS],
            scores: Vec::new(),
            entries: Vec::new(),
            records: false,
        }
    }
}

impl Tape {
    /// A tape that keeps what every layer computed, for the trainer.
    pub fn recording() -> Tape {
        Tape { records: true, ..Tape::default() }
    }
}

/// What happens inside one layer; a tape that does not record has the means of
/// what stands below alone.
#[derive(Default)]
pub struct Traces {
    pub above: Vec<Row>,
    pub below: Vec<Row>,
    pub convolved: Vec<Row>,
    pub rectified: Vec<Row>,
}

impl Traces {
    fn clear(&mut self) {
        [&mut self.above, &mut self.convolved, &mut self.rectified].into_iter().for_each(Vec::clear);
    }
}

impl Model {
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
        self.dense(features, tape);
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
            let n = input.len();
            traces.below.resize(n, [0.0; CHANNELS]);
            let mut below = [0.0; CHANNELS];
            for (row, mean) in input.iter().zip(&mut traces.below).rev() {
                *mean = below;
                fading(&mut below, row);
            }
            let mut above = [0.0; CHANNELS];
            traces.clear();
            output.resize(n, [0.0; CHANNELS]);
            for (t, ((row, below), sum)) in input.iter().zip(&traces.below).zip(output).enumerate() {
                let convolved = convolve(input, t, &above, below, weights, dilation);
                let rectified = rectify(mixed(&convolved, weights.mix, bias));
                *sum = *row;
                add_scaled(sum, &rectified, 1.0);
                if tape.records {
                    traces.above.push(above);
                    traces.convolved.push(convolved);
                    traces.rectified.push(rectified);
                }
                fading(&mut above, row);
            }
        }
        let head: [Lanes<KINDS>; CHANNELS] = std::array::from_fn(|c| lanes(&self.parameters.head()[c]));
        for (scores, row) in tape.scores.iter_mut().zip(&tape.hidden[DILATIONS.len()]) {
            let mut sum: Lanes<KINDS> = lanes(scores);
            for (value, weights) in row.iter().zip(&head) {
                add_lanes(&mut sum, weights, *value);
            }
            scores.copy_from_slice(&sum.as_flattened()[..Kind::COUNT]);
        }
        if !tape.records {
            // So that the next pass writes to the same buffers.
            tape.hidden.rotate_right(layers - 2);
            tape.layers.rotate_right(layers - 1);
        }
    }

    /// Features → inputs of the first layer, and what they say of the kinds.
    #[inline(always)]
    fn dense(&self, features: &[f32], tape: &mut Tape) {
        let Tape { entries, hidden, scores, .. } = tape;
        entries.clear();
        let tensors = self.parameters.dense().iter().zip(self.parameters.direct());
        entries.extend(tensors.map(|(channels, kinds)| entry(channels, kinds)));
        // A feature that is 0 adds the same every time: start from the sum of
        // those, and add only the differences.
        let zeros: Values = std::array::from_fn(|f| self.standard(f, 0.0));
        let mut bias = entry(self.parameters.dense_bias(), self.parameters.head_bias());
        for (entry, zero) in entries.iter().zip(zeros) {
            add_lanes(&mut bias, entry, zero);
        }
        hidden[0].clear();
        scores.clear();
        for values in features.as_chunks::<{ feature::COUNT }>().0 {
            let mut present = [0u64; feature::COUNT.div_ceil(64)];
            for (bits, values) in present.iter_mut().zip(values.chunks(64)) {
                for (i, value) in values.iter().enumerate() {
                    *bits |= u64::from(*value != 0.0) << i;
                }
            }
            let differences: Values = std::array::from_fn(|f| self.standard(f, values[f]) - zeros[f]);
            let mut sum = bias;
            for (group, mut bits) in present.into_iter().enumerate() {
                while bits != 0 {
                    let f = (64 * group + bits.trailing_zeros() as usize).min(feature::COUNT - 1);
                    bits &= bits - 1;
                    add_lanes(&mut sum, &entries[f], differences[f]);
                }
            }
            let flat = sum.as_flattened();
            hidden[0].push(rectify(std::array::from_fn(|c| flat[c])));
            scores.push(std::array::from_fn(|k| flat[CHANNELS + k]));
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

fn entry(channels: &Row, kinds: &Scores) -> Entry {
    let mut entry = Entry::default();
    let (row, rest) = entry.as_flattened_mut().split_at_mut(CHANNELS);
    row.copy_from_slice(channels);
    rest[..Kind::COUNT].copy_from_slice(kinds);
    entry
}

/// Numbers, and zeros after them.
#[inline(always)]
fn lanes<const N: usize>(values: &[f32]) -> Lanes<N> {
    let mut lanes = [[0.0; 8]; N];
    lanes.as_flattened_mut()[..values.len()].copy_from_slice(values);
    lanes
}

#[inline(always)]
fn add_lanes<const N: usize>(sum: &mut Lanes<N>, row: &Lanes<N>, factor: f32) {
    for (sum, part) in sum.iter_mut().zip(row) {
        for lane in 0..8 {
            sum[lane] += factor * part[lane];
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
    row.iter_mut().for_each(|value| *value = larger(*value, 0.0));
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

/// Adds a row to the fading mean of the rows before it.
#[inline(always)]
fn fading(mean: &mut Row, row: &Row) {
    for c in 0..CHANNELS {
        mean[c] = FADES[c] * mean[c] + (1.0 - FADES[c]) * row[c];
    }
}

/// Row `t` convolved, with the means of what stands above and below it.
#[inline(always)]
fn convolve(input: &[Row], t: usize, above: &Row, below: &Row, weights: Layer<&[Row]>, dilation: usize) -> Row {
    let reach = TAPS / 2 * dilation;
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
    row
}

/// Scores to probabilities.
pub fn softmax(scores: &Scores) -> Scores {
    let top = scores.iter().fold(f32::MIN, |top, &score| larger(top, score));
    let powers = scores.map(|score| exp(score - top));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The larger of two numbers: one instruction, where `f32::max` asks for NaN.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// e^x for x ≤ 0, to some six digits: 2^k by the exponent's bits, the rest by
/// a polynomial.
fn exp(x: f32) -> f32 {
    let x = larger(x * std::f32::consts::LOG2_E, -126.0);
    // The nearest whole number; x + 127.5 is above 0, where a cast rounds down.
    let whole = (x + 127.5) as i32 - 127;
    let f = x - whole as f32;
    let power = 1.0
        + f * (std::f32::consts::LN_2 + f * (0.240_226_5 + f * (0.055_504_1 + f * (0.009_618_1 + f * 0.001_333_4))));
    f32::from_bits(((whole + 127) as u32) << 23) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for i in 0..2000 {
            let x = -(i as f32) * 0.01;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
    }
}
