//! How fast cleaning is, in bytes a second, on one core.
//!
//! `cargo bench` runs it on invented pages of several languages and on the
//! seeds. With `BODYCOPY_PAGES=FILE`, a file of JSON Lines with a `text` field,
//! also on those pages; `score.py texts` makes such a file from a corpus.

use std::fmt;
use std::fs;

use bodycopy::Cleaner;
use divan::Bencher;
use divan::counter::BytesCount;

/// Some texts, by name.
struct Texts {
    name: &'static str,
    texts: Vec<String>,
}

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A page of some 50 KB: menu, story, teasers, comments, footer, over and over.
fn invented(menu: &str, paragraph: &str, teaser: &str, footer: &str) -> Vec<String> {
    let page = [
        menu.replace(' ', "\n").repeat(4),
        format!("{paragraph}\n\n").repeat(12),
        format!("{teaser}\n").repeat(20),
        footer.replace(' ', "\n").repeat(2),
    ]
    .join("\n");
    vec![page.repeat(50_000 / page.len() + 1)]
}

fn texts() -> Vec<Texts> {
    let mut texts = vec![
        Texts {
            name: "english",
            texts: invented(
                "Home News Sport Weather Business Opinion Subscribe Search ",
                "The council said on Monday that the old bridge would be closed until the spring, because the repairs had shown more rust than anyone had expected. “It is not safe,” said the engineer who led the work.",
                "Why the harbour wall has to be raised again\n3 hours ago",
                "Privacy Terms Contact © 2021 Example Media ",
            ),
        },
        Texts {
            name: "german",
            texts: invented(
                "Startseite Politik Wirtschaft Sport Kultur Abo Anmelden ",
                "Der Stadtrat teilte am Montag mit, dass die alte Brücke bis zum Frühjahr gesperrt bleibt, weil bei den Arbeiten mehr Rost gefunden wurde als erwartet. „Sie ist nicht sicher“, sagte die Ingenieurin.",
                "Warum die Hafenmauer wieder höher werden muss\nvor 3 Stunden",
                "Datenschutz Impressum Kontakt © 2021 Beispiel Verlag ",
            ),
        },
        Texts {
            name: "russian",
            texts: invented(
                "Главная Новости Спорт Погода Экономика Подписка ",
                "Городской совет сообщил в понедельник, что старый мост будет закрыт до весны, потому что при ремонте нашли больше ржавчины, чем ожидали. «Он небезопасен», — сказал инженер.",
                "Почему стену гавани снова надо поднимать\n3 часа назад",
                "Конфиденциальность Условия Контакты ",
            ),
        },
        Texts {
            name: "chinese",
            texts: invented(
                "首页 新闻 体育 天气 财经 订阅 登录 ",
                "市议会周一表示，由于维修时发现的锈蚀比预期严重，旧桥将关闭至明年春季。负责工程的工程师说：“它不安全。”",
                "为什么海港的堤墙必须再次加高\n3小时前",
                "隐私政策 使用条款 联系我们 ",
            ),
        },
    ];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let seeds = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let seeds = seeds.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    texts.push(Texts { name: "seeds", texts: seeds.filter_map(|path| fs::read_to_string(path).ok()).collect() });
    if let Some(pages) = std::env::var_os("BODYCOPY_PAGES") {
        let lines = fs::read_to_string(pages).unwrap_or_default();
        let text = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(row["text"].as_str()?.to_owned())
        };
        texts.push(Texts { name: "pages", texts: lines.lines().filter_map(text).collect() });
    }
    texts
}

#[divan::bench(args = texts())]
fn clean(bencher: Bencher<'_, '_>, texts: &Texts) {
    let cleaner = Cleaner::new();
    let bytes: usize = texts.texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        texts.texts.iter().map(|text| cleaner.clean(divan::black_box(text)).text().len()).sum::<usize>()
    });
}

fn main() {
    divan::main();
}
