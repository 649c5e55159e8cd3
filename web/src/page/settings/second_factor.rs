//! Two-factor authentication: setting a program up that makes codes, the spare codes, turning it off.

use super::page;
use crate::{
    layout::Site,
    page::{field::password, text::moment},
};
use maud::{Markup, html};

/// What a square of light and dark fields says (ISO/IEC 18004), for cameras.
#[derive(Debug, Clone, Copy)]
pub struct Square<'a> {
    /// Fields a side.
    pub width: usize,
    /// Which are dark, row by row.
    pub dark: &'a [bool],
}

/// Setting it up. What is shown counts only once it is confirmed by a code.
#[derive(Debug, Clone, Copy)]
pub struct SetUp<'a> {
    /// The secret in letters.
    pub secret: &'a str,
    /// The same with whose it is, for a program that reads it from a link.
    pub address: &'a str,
    /// The same as a square.
    pub square: Square<'a>,
    /// The spare codes.
    pub codes: &'a [String],
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// It is on.
#[derive(Debug, Clone, Copy)]
pub struct On<'a> {
    /// Since when.
    pub since: &'a str,
    /// Spare codes that are left.
    pub codes_left: u64,
    /// Why a form was refused.
    pub problem: Option<&'a str>,
}

/// The page while it is off.
#[must_use]
pub fn set_up(site: &Site<'_>, shown: &SetUp<'_>) -> String {
    let body = html! {
        p { (site.t("second-factor-says")) }
        form class="sheet" method="post" action="/settings/second_factor" {
            (site.form_fields())
            input type="hidden" name="secret" value=(shown.secret);
            (kept(shown.codes))
            h2 { (site.t("second-factor-program")) }
            p { (site.t("second-factor-scan")) }
            (square(site, shown.square))
            p {
                span class="note" { (site.t("second-factor-secret")) } br;
                code class="secret" { (grouped(shown.secret)) }
            }
            p { a href=(shown.address) { (site.t("second-factor-open")) } }
            h2 { (site.t("second-factor-codes")) }
            p { (site.t("second-factor-codes-say")) }
            (codes(shown.codes))
            h2 { (site.t("second-factor-confirm")) }
            p {
                label for="code" { (site.t("second-factor-code")) }
                input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" maxlength="10"
                    dir="ltr" required;
            }
            (password(site))
            p class="note" { (site.t("second-factor-ends")) }
            p class="acts" { button type="submit" name="do" value="on" { (site.t("second-factor-turn-on")) } }
        }
    };
    page(site, "settings-second-factor", shown.problem, &body)
}

/// The page while it is on.
#[must_use]
pub fn on(site: &Site<'_>, shown: &On<'_>) -> String {
    let body = html! {
        p class="sheet" {
            (site.t_around("second-factor-since", &[("time", moment(site, shown.since))])) " "
            (site.t_count("second-factor-codes-left", shown.codes_left))
        }
        p { a class="button second" href="/settings/second_factor/codes" { (site.t("second-factor-new-codes")) } }
        section {
            h2 { (site.t("second-factor-off")) }
            form class="sheet" method="post" action="/settings/second_factor" {
                (site.form_fields())
                (password(site))
                p class="note" { (site.t("second-factor-ends")) }
                p class="acts" { button class="grave" type="submit" name="do" value="off" { (site.t("second-factor-turn-off")) } }
            }
        }
    };
    page(site, "settings-second-factor", shown.problem, &body)
}

/// New spare codes, which count once the form is sent.
#[must_use]
pub fn new_codes(site: &Site<'_>, fresh: &[String], problem: Option<&str>) -> String {
    let body = html! {
        p { (site.t("second-factor-codes-say")) }
        form class="sheet" method="post" action="/settings/second_factor/codes" {
            (site.form_fields())
            (kept(fresh))
            (codes(fresh))
            p class="note" { (site.t("second-factor-codes-replace")) }
            (password(site))
            p class="acts" { button type="submit" name="do" value="codes" { (site.t("second-factor-codes-kept")) } }
        }
    };
    page(site, "second-factor-new-codes", problem, &body)
}

fn kept(codes: &[String]) -> Markup {
    html! { input type="hidden" name="codes" value=(codes.join(" ")); }
}

fn codes(codes: &[String]) -> Markup {
    html! { ol class="codes" dir="ltr" { @for code in codes { li { code { (code) } } } } }
}

/// Letters in groups of four, which is how people copy them.
fn grouped(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The square with the margin it needs, four fields wide.
fn square(site: &Site<'_>, square: Square<'_>) -> Markup {
    const MARGIN: usize = 4;
    let side = square.width + 2 * MARGIN;
    let mut path = String::new();
    let dark = square.dark.iter().enumerate().filter(|(_, dark)| **dark);
    for (at, _) in dark {
        let (x, y) = (at % square.width.max(1) + MARGIN, at / square.width.max(1) + MARGIN);
        path.push_str(&format!("M{x} {y}h1v1h-1z"));
    }
    html! {
        svg class="square" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(site.t("second-factor-square"))
            shape-rendering="crispEdges" { path d=(path) {} }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stand_in_groups() {
        assert_eq!(grouped("ABCDEFGHI"), "ABCD EFGH I");
        assert_eq!(grouped(""), "");
    }
}
