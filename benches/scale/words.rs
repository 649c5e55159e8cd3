//! Texts of eight languages from a seed: words by Zipf's law, tags, sometimes a name.

/// Dice with a seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// A rank below `bound`: the first twice as often as the second, and so on.
    pub(crate) fn zipf(&mut self, bound: usize) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((bound as f64 + 1.0).powf(uniform) as usize).saturating_sub(1).min(bound.saturating_sub(1))
    }

    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// A language: its tag, and parts of which words are made; where words stand without spaces, the characters.
struct Language {
    tag: &'static str,
    parts: &'static [&'static str],
    spaced: bool,
}

const LANGUAGES: &[Language] = &[
    Language {
        tag: "en",
        spaced: true,
        parts: &["the", "tea", "ing", "kettle", "ber", "stone", "river", "un", "light", "morn", "er", "work"],
    },
    Language {
        tag: "de",
        spaced: true,
        parts: &["ge", "tee", "kessel", "ung", "straße", "ver", "licht", "über", "morgen", "en", "werk", "fluss"],
    },
    Language {
        tag: "fr",
        spaced: true,
        parts: &["le", "thé", "ment", "rivière", "dé", "lumière", "matin", "eur", "pierre", "re", "œuvre", "é"],
    },
    Language {
        tag: "es",
        spaced: true,
        parts: &["la", "té", "ción", "río", "des", "luz", "mañana", "ero", "piedra", "re", "obra", "ado"],
    },
    Language {
        tag: "ru",
        spaced: true,
        parts: &["при", "чай", "ник", "река", "пере", "свет", "утро", "ость", "камень", "на", "дело", "ный"],
    },
    Language {
        tag: "ar",
        spaced: true,
        parts: &["ال", "شاي", "نهر", "ضوء", "صباح", "حجر", "عمل", "ية", "مدينة", "كتاب", "بيت", "ون"],
    },
    Language {
        tag: "ja",
        spaced: false,
        parts: &[
            "お", "茶", "の", "川", "を", "光", "朝", "は", "石", "に", "仕", "事", "東", "京", "本", "家", "す", "る",
            "た", "い",
        ],
    },
    Language {
        tag: "zh",
        spaced: false,
        parts: &[
            "茶", "的", "河", "光", "是", "早", "晨", "石", "头", "工", "作", "在", "城", "市", "书", "家", "我", "们",
            "他", "看",
        ],
    },
];

/// Different words a language has.
const WORDS: usize = 50_000;

/// A text and its language.
pub(crate) fn text(dice: &mut Dice, handles: &dyn Fn(&mut Dice) -> String) -> (String, &'static str) {
    let language = &LANGUAGES[dice.zipf(LANGUAGES.len())];
    let length = 4 + dice.zipf(60);
    let mut text = String::new();
    for _ in 0..length {
        text.push_str(&word(language, dice.zipf(WORDS)));
        if language.spaced {
            text.push(' ');
        }
    }
    if dice.one_in(5) {
        text = format!("{} {text}", handles(dice));
    }
    if dice.one_in(3) {
        text.push_str(&format!(" #{}", tag(dice)));
    }
    (text.trim_end().to_owned(), language.tag)
}

fn tag(dice: &mut Dice) -> String {
    format!("tag{}", dice.zipf(2_000))
}

/// The word of this rank: the frequent ones are short.
fn word(language: &Language, rank: usize) -> String {
    let count = language.parts.len();
    let (mut rest, mut word) = (rank, String::new());
    loop {
        word.push_str(language.parts[rest % count]);
        rest /= count;
        if rest == 0 {
            return word;
        }
    }
}

/// What an account may be called: a word or two of the languages whose words stand apart, and a number.
pub(crate) fn name(dice: &mut Dice, number: usize) -> (String, String) {
    let word = |dice: &mut Dice| {
        let language = &LANGUAGES[dice.below(6)];
        word(language, dice.zipf(WORDS))
    };
    // Of handles no more than these letters is allowed everywhere.
    let latin = LANGUAGES[0].parts;
    let handle = format!("{}{}{number}", latin[dice.below(latin.len())], latin[dice.below(latin.len())]);
    (handle, format!("{} {}", word(dice), word(dice)))
}

/// The beginning of a word as somebody types it, of one to four letters.
pub(crate) fn beginning(dice: &mut Dice) -> String {
    let language = &LANGUAGES[dice.below(6)];
    let word = word(language, dice.zipf(WORDS));
    word.chars().take(1 + dice.below(4)).collect()
}

/// The beginning of a tag as somebody types it, of one to four letters.
pub(crate) fn beginning_of_tag(dice: &mut Dice) -> String {
    tag(dice).chars().take(1 + dice.below(4)).collect()
}

/// A question as people ask: a word, a phrase, two characters, an operator.
pub(crate) fn question(dice: &mut Dice) -> String {
    let spaced = &LANGUAGES[dice.below(6)];
    let rank = dice.zipf(WORDS);
    match dice.below(8) {
        0..=2 => word(spaced, rank),
        3 => format!("{} {}", word(spaced, rank), word(spaced, dice.zipf(WORDS))),
        4 => format!("\"{} {}\"", word(spaced, dice.zipf(50)), word(spaced, dice.zipf(50))),
        5 => {
            let dense = &LANGUAGES[6 + dice.below(2)];
            word(dense, dice.zipf(400)) + &word(dense, dice.zipf(20))
        }
        6 => format!("#{}", tag(dice)),
        _ => format!("{} language:{} -is:reply", word(spaced, rank), spaced.tag),
    }
}
