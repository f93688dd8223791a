//! Clean text against gold: the measures of `score.py`, in Rust.

use std::collections::HashMap;
use std::hash::Hash;

use crate::corpus::squeeze;

/// Words as `\w+` finds them, each character of unspaced scripts and Korean alone.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let alone = matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
        let in_word = c.is_alphanumeric() || c == '_';
        if (alone || !in_word) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if in_word {
            word.push(c);
            if alone {
                words.push(std::mem::take(&mut word));
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn bag<T: Hash + Eq>(items: impl Iterator<Item = T>) -> HashMap<T, i64> {
    let mut bag = HashMap::new();
    items.for_each(|item| *bag.entry(item).or_insert(0) += 1);
    bag
}

fn common<T: Hash + Eq>(a: &HashMap<T, i64>, b: &HashMap<T, i64>) -> i64 {
    a.iter().map(|(item, n)| *n.min(b.get(item).unwrap_or(&0))).sum()
}

fn shingles(words: &[String]) -> HashMap<&[String], i64> {
    if words.is_empty() { HashMap::new() } else { bag(words.windows(4.min(words.len()))) }
}

/// One page's figures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overlap {
    /// Shingles: share of the kept that is gold, of the gold that is kept.
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub word_f1: f64,
}

/// Compares clean text with the gold body.
pub fn overlap(gold: &str, got: &str) -> Overlap {
    let (gold, got) = (words(gold), words(got));
    let (a, b) = (shingles(&gold), shingles(&got));
    let both = common(&a, &b);
    let (gold_sum, got_sum): (i64, i64) = (a.values().sum(), b.values().sum());
    let share = |sum: i64| (sum > 0).then(|| both as f64 / sum as f64);
    let lower = |words: &[String]| bag(words.iter().map(|w| w.to_lowercase()));
    let all = (gold.len() + got.len()) as f64;
    let word_f1 = if all == 0.0 { 1.0 } else { 2.0 * common(&lower(&gold), &lower(&got)) as f64 / all };
    Overlap { precision: share(got_sum), recall: share(gold_sum), word_f1 }
}

/// Means over pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    pub pages: usize,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    pub word_f1: f64,
}

pub fn mean(pages: &[Overlap]) -> Mean {
    let average = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let precision = average(pages.iter().filter_map(|p| p.precision).collect());
    let recall = average(pages.iter().filter_map(|p| p.recall).collect());
    let sum = precision + recall;
    let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
    Mean { pages: pages.len(), precision, recall, f1, word_f1: average(pages.iter().map(|p| p.word_f1).collect()) }
}

/// The text less the lines that the gold does not judge.
pub fn without(text: &str, ignore: &[String]) -> String {
    let kept: Vec<&str> = text.split('\n').filter(|line| !ignore.contains(&squeeze(line))).collect();
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_counts_shingles_and_words() {
        let page = overlap("one two three four five", "one two three four six");
        assert_eq!((page.precision, page.recall, page.word_f1), (Some(0.5), Some(0.5), 0.8));
        assert_eq!(overlap("", "").word_f1, 1.0);
        assert_eq!(words("中文 text_1"), ["中", "文", "text_1"]);
    }
}
