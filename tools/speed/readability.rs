//! dom_smoothie over pages of HTML: `readability FILE REPEAT`, a page a line of
//! JSON, in the field `html`. `tools/speed.py` makes a crate of it.

use dom_smoothie::{Config, Readability};

fn main() {
    let mut args = std::env::args().skip(1);
    let lines = std::fs::read_to_string(args.next().unwrap()).unwrap();
    let repeat: usize = args.next().unwrap().parse().unwrap();
    let pages: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut kept = 0;
    for _ in 0..repeat {
        for page in &pages {
            let html = page["html"].as_str().unwrap();
            // A page without an article is an error, and took its time too.
            let article = Readability::new(html, None, Some(Config::default())).and_then(|mut reader| reader.parse());
            kept += article.map_or(0, |article| article.text_content.len());
        }
    }
    println!("{kept}");
}
