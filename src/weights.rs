//! The weights file → the model.
//!
//! The file starts with lines of text, so that a person can read what is in
//! it: a first line with the format's name, one line a feature (name, mean,
//! inverse standard deviation), one line a tensor (name, count, step), and
//! `end`. Then come the tensors' numbers, 16-bit integers in little-endian
//! order, in units of the tensor's step. Features and tensors are found by
//! name: a feature that the file does not have gets weights of 0, one that the
//! table no longer has is skipped.

use std::fmt;

use crate::feature;
use crate::kind::Kind;
use crate::model::{CHANNELS, Model, Parameters, tensors};

const MAGIC: &str = "bodycopy weights 1";

/// The weights that the crate carries.
pub const SHIPPED: &[u8] = include_bytes!("../weights/bodycopy.weights");

/// Why a weights file cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsError {
    /// Line of the header, counted from 1; 0 for the numbers after it.
    line: usize,
    what: &'static str,
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "weights: {}", self.what),
            line => write!(f, "weights, line {line}: {}", self.what),
        }?;
        f.write_str("; write the file anew with `cargo run --release --features lab --bin lab -- train`")
    }
}

impl std::error::Error for WeightsError {}

/// Reads a weights file, and the names of the features it was trained with.
pub fn read(file: &[u8]) -> Result<(Model, Vec<String>), WeightsError> {
    let names: Vec<(String, usize)> = feature::names().zip(0..).collect();
    let place = |name: &str| names.iter().find(|n| n.0 == name).map(|n| n.1);
    let mut model =
        Model { parameters: Parameters::zeros(), mean: [0.0; feature::COUNT], scale: [0.0; feature::COUNT] };
    let mut features: Vec<String> = Vec::new();
    let mut stored: Vec<(String, usize, f32)> = Vec::new();
    let mut rest = file;
    let mut number = 0;
    loop {
        number += 1;
        let error = |what| WeightsError { line: number, what };
        let end = rest.iter().position(|&b| b == b'\n').ok_or(error("the header does not end"))?;
        let line = std::str::from_utf8(&rest[..end]).map_err(|_| error("not text"))?;
        rest = &rest[end + 1..];
        let fields: Vec<&str> = line.split(' ').collect();
        let float = |text: &str| text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or(error("not a number"));
        match fields[..] {
            _ if number == 1 && line == MAGIC => {}
            _ if number == 1 => return Err(error("not a weights file of this version")),
            ["feature", name, mean, scale] => {
                if let Some(at) = place(name) {
                    (model.mean[at], model.scale[at]) = (float(mean)?, float(scale)?);
                }
                features.push(name.to_owned());
            }
            ["tensor", name, count, step] => {
                let count = count.parse().map_err(|_| error("not a count"))?;
                stored.push((name.to_owned(), count, float(step)?));
            }
            ["end"] => break,
            _ => return Err(error("neither a feature, a tensor nor the end")),
        }
    }
    let body = |what| WeightsError { line: 0, what };
    let mut at = 0;
    let mut stored = stored.into_iter();
    for (name, size) in tensors() {
        let (found, count, step) = stored.next().ok_or(body("a tensor is missing"))?;
        // These have a row for every feature.
        let width = match name.as_str() {
            "dense" => Some(CHANNELS),
            "direct" => Some(Kind::COUNT),
            _ => None,
        };
        let expected = width.map_or(size, |width| features.len() * width);
        if found != name || count != expected {
            return Err(body("the tensors are not those of this network"));
        }
        let bytes = rest.get(..2 * count).ok_or(body("the file is cut short"))?;
        rest = &rest[2 * count..];
        let mut values = bytes.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) * step);
        if let Some(width) = width {
            for feature in &features {
                let row: Vec<f32> = values.by_ref().take(width).collect();
                if let Some(to) = place(feature) {
                    model.parameters.0[at + to * width..at + (to + 1) * width].copy_from_slice(&row);
                }
            }
        } else {
            model.parameters.0[at..at + size].iter_mut().zip(values).for_each(|(to, value)| *to = value);
        }
        at += size;
    }
    if !rest.is_empty() {
        return Err(body("there is more in the file than the header says"));
    }
    Ok((model, features))
}

/// Writes a model as a weights file.
#[cfg(any(test, feature = "inside"))]
pub fn write(model: &Model) -> Vec<u8> {
    let mut header = format!("{MAGIC}\n");
    for (at, name) in feature::names().enumerate() {
        header.push_str(&format!("feature {name} {} {}\n", model.mean[at], model.scale[at]));
    }
    let mut numbers = Vec::new();
    let mut at = 0;
    for (name, size) in tensors() {
        let values = &model.parameters.0[at..at + size];
        at += size;
        let largest = values.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        // Thirteen bits are enough; what the others would hold is noise.
        let step = largest.max(1e-6) / 4095.0;
        header.push_str(&format!("tensor {name} {size} {step}\n"));
        numbers.extend(values.iter().flat_map(|value| ((value / step).round() as i16).to_le_bytes()));
    }
    header.push_str("end\n");
    [header.into_bytes(), numbers].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when the feature table has changed since the weights were trained.
    #[test]
    fn shipped_weights_fit_the_features() {
        let (_, features) = read(SHIPPED).unwrap_or_else(|error| panic!("{error}"));
        let table: Vec<String> = feature::names().collect();
        assert_eq!(
            features, table,
            "the weights are stale: run `cargo run --release --features lab --bin lab -- train`"
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut model = read(SHIPPED).unwrap().0;
        model.parameters.0[7] = 0.5;
        let back = read(&write(&model)).unwrap().0;
        let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-2);
        assert!(close(&model.parameters.0, &back.parameters.0));
        assert_eq!(model.mean, back.mean);
    }

    #[test]
    fn broken_files_say_what_is_wrong() {
        let whole = write(&read(SHIPPED).unwrap().0);
        let error = |file: &[u8]| read(file).unwrap_err().to_string();
        assert!(error(b"hello\n").starts_with("weights, line 1: not a weights file"));
        assert!(error(&whole[..whole.len() - 1]).starts_with("weights: the file is cut short"));
        assert!(error(&[&whole[..], b"x"].concat()).contains("more in the file"));
        assert!(error(b"").contains("does not end"));
    }
}
