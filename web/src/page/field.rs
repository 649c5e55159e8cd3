//! Fields of forms: a line, a tick, a choice among a few; each with its label and what there is to know of it.

use crate::layout::Site;
use maud::{Markup, html};

/// What the key Enter does in a field: the first button of a form (HTML §4.10.22.2), where the first that is to be seen does
/// something else. Of no use to whoever presses buttons.
pub(super) fn by_enter(act: &str, says: &str) -> Markup {
    html! { button class="unseen" type="submit" name="do" value=(act) tabindex="-1" aria-hidden="true" { (says) } }
}

/// One line of text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line<'a> {
    /// Its name, which is its id as well.
    pub(super) name: &'a str,
    /// The message of its label.
    pub(super) label: &'static str,
    /// What stands in it.
    pub(super) value: &'a str,
    /// The message of what there is to know.
    pub(super) note: Option<&'static str>,
    /// What it may look like.
    pub(super) example: Option<&'static str>,
    /// Characters it may have.
    pub(super) most: Option<usize>,
    /// It holds a name of a person or server, not words.
    pub(super) technical: bool,
    /// It may not stay empty.
    pub(super) required: bool,
}

/// A line.
pub(super) fn line(site: &Site<'_>, line: Line<'_>) -> Markup {
    let note = line.note.map(|_| format!("{}-note", line.name));
    html! {
        p {
            label for=(line.name) { (site.words.say(line.label)) }
            input id=(line.name) name=(line.name) value=(line.value) placeholder=[line.example] maxlength=[line.most]
                dir=[(!line.technical).then_some("auto")] autocapitalize=[line.technical.then_some("none")]
                spellcheck=[line.technical.then_some("false")] autocomplete="off" required[line.required]
                aria-describedby=[note.as_deref()];
            @if let Some(key) = line.note { span class="note" id=[note.as_deref()] { (site.words.say(key)) } }
        }
    }
}

/// The password, asked again before something that matters.
pub(super) fn password(site: &Site<'_>) -> Markup {
    html! {
        p {
            label for="password" { (site.t("settings-your-password")) }
            input id="password" name="password" type="password" autocomplete="current-password" required;
        }
    }
}

/// Something that is so or not.
pub(super) fn tick(site: &Site<'_>, name: &str, label: &'static str, note: Option<&'static str>, on: bool) -> Markup {
    html! {
        div class="tick" {
            (check(&site.words.say(label), name, on))
            @if let Some(key) = note { span class="note" { (site.words.say(key)) } }
        }
    }
}

/// The same where nothing stands below it.
pub(super) fn check(words: &str, name: &str, on: bool) -> Markup {
    html! {
        label class="check" {
            input type="checkbox" name=(name) value="true" checked[on];
            span { (words) }
        }
    }
}

/// One of a few: value and message of each.
pub(super) fn choice(
    site: &Site<'_>,
    name: &str,
    label: &'static str,
    among: &[(&str, &'static str)],
    chosen: &str,
) -> Markup {
    html! {
        p {
            label for=(name) { (site.words.say(label)) }
            (select(site, name, name, among, chosen))
        }
    }
}

/// The same without its label.
pub(super) fn select(site: &Site<'_>, id: &str, name: &str, among: &[(&str, &'static str)], chosen: &str) -> Markup {
    html! {
        select id=(id) name=(name) { (options(site, among, chosen)) }
    }
}

/// What there is to choose from.
pub(super) fn options(site: &Site<'_>, among: &[(&str, &'static str)], chosen: &str) -> Markup {
    html! {
        @for (value, key) in among { option value=(value) selected[*value == chosen] { (site.words.say(key)) } }
    }
}
