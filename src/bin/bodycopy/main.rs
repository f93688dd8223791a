//! The command line.
fn main() {
    let text = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
    println!("{}", bodycopy::clean(&text).text());
}
