//! The network's tensors and how they lie in memory.

use crate::feature;
use crate::kind::Kind;

/// Channels of the hidden layers.
pub const CHANNELS: usize = 32;
/// Dilations of the convolutions, one a layer.
pub const DILATIONS: [usize; 4] = [1, 2, 4, 8];
pub const TAPS: usize = 7;
/// The layer that sees the page's mean.
pub const PAGE_LAYER: usize = 2;
/// Standardised features are kept between this and its negative.
const LIMIT: f32 = 4.0;

pub type Row = [f32; CHANNELS];
pub type Scores = [f32; Kind::COUNT];

/// How fast the means fade, by channel: they remember some 3 to 50 blocks.
pub const FADES: Row = fades();

const fn fades() -> Row {
    let mut fades = [0.0; CHANNELS];
    let mut channel = 0;
    while channel < CHANNELS {
        fades[channel] = [0.7, 0.85, 0.93, 0.98][channel % 4];
        channel += 1;
    }
    fades
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

/// A number for each feature.
pub type Values = [f32; feature::COUNT];

/// The network: parameters, and how to standardise the features.
#[derive(Clone, Debug)]
pub struct Model {
    pub parameters: Parameters,
    /// Mean and inverse standard deviation of each feature.
    pub mean: Values,
    pub scale: Values,
}

impl Model {
    /// A feature's value as the network takes it.
    #[inline(always)]
    pub fn standard(&self, feature: usize, value: f32) -> f32 {
        ((value - self.mean[feature]) * self.scale[feature]).clamp(-LIMIT, LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_fill_the_parameters() {
        assert_eq!(tensors().iter().map(|t| t.1).sum::<usize>(), Parameters::COUNT);
    }
}
