//! Foreign text on every page that shows any: nothing of it becomes an element, an attribute or an address that does
//! something (read by html5ever, always), nothing of it runs or is loaded, and nothing of it breaks the layout (looked at
//! by a real browser, where one is wanted).

mod corners;
mod corpus;
mod markup;
mod peer;
mod stage;

use crate::{
    driven::Driven,
    visitor::{Answer, Visitor},
};
use stage::Stage;
use std::collections::BTreeSet;

/// Pages that are wrong and shown in full; the rest is counted.
const SHOWN: usize = 40;

/// The first faults of each kind: what differs by numbers or by its page alone is shown once.
fn shown(wrong: &[String]) -> String {
    let mut kinds = BTreeSet::new();
    let kind = |fault: &str| fault.split_once(": ").map_or(fault, |(_, what)| what).replace(char::is_numeric, "");
    let fresh = wrong.iter().filter(|fault| kinds.insert(kind(fault)));
    fresh.take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// How often the corpus stands on a page, as text.
fn pieces(page: &str) -> usize {
    page.matches("__hit").count()
}

/// What is wrong with an answer for `who`, and whether it is a page.
fn judged(answer: &Answer, (path, least): (&str, usize), who: &str) -> (Vec<String>, bool) {
    let mut wrong = Vec::new();
    if !matches!(answer.status, 200 | 303 | 400 | 404 | 410 | 422) {
        wrong.push(format!("{path} for {who} is answered with {}", answer.status));
    }
    if answer.all("set-cookie").iter().any(|cookie| cookie.starts_with("hit")) {
        wrong.push(format!("{path} sets a foreign cookie"));
    }
    if answer.status == 200 && pieces(&answer.body) < least {
        wrong.push(format!("{path} for {who} shows no foreign text: nothing is tried there"));
    }
    let page = answer.all("content-type").iter().any(|kind| kind.starts_with("text/html"));
    if page {
        wrong.extend(markup::faults(&answer.body).into_iter().map(|fault| format!("{path} for {who}: {fault}")));
    }
    (wrong, page)
}

#[test]
fn foreign_text_stays_text_on_every_page_and_nothing_of_it_runs() {
    let mut stage = Stage::set();
    let mut wrong = Vec::new();
    let (outer, inner) = (stage.pages(), stage.inner_pages());
    let mut guest = Visitor::new(stage.house.address());
    let mut looked = 0;
    for (path, least, inside) in outer
        .iter()
        .flat_map(|(path, least)| [(path, least, false), (path, least, true)])
        .chain(inner.iter().map(|(path, least)| (path, least, true)))
    {
        let answer = if inside { stage.ada.get(path) } else { guest.get(path) };
        let who = if inside { "ada" } else { "a guest" };
        if answer.status == 303 && inside {
            continue;
        }
        let (faults, page) = judged(&answer, (path, *least), who);
        wrong.extend(faults);
        looked += usize::from(page);
    }
    for (path, least) in stage.corners.judged.clone() {
        let (faults, page) = judged(&stage.bo.get(&path), (&path, least), "bo");
        wrong.extend(faults);
        looked += usize::from(page);
    }
    for (what, page) in stage.refusals() {
        looked += 1;
        wrong.extend(markup::faults(&page).into_iter().map(|fault| format!("{what}: {fault}")));
    }
    assert!(wrong.is_empty(), "{} faults on {looked} pages:\n{}", wrong.len(), shown(&wrong));
    println!("foreign text: {} texts, {looked} pages read", stage.texts.len());
    in_a_browser(&mut stage, &outer, &inner);
}

/// What is wrong with the page that is open: what ran, what might run, what sticks out.
const LOOK: &str = r#"(() => {
  const wrong = [];
  if (window.__hit !== undefined) wrong.push("a foreign script ran");
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
    const names = wide.slice(-3).map((e) => `<${e.tagName} class=${e.className}> ${e.textContent.slice(0, 40)}`);
    wrong.push(`it is ${document.documentElement.scrollWidth} wide in ${innerWidth}: ${names.join("; ")}`);
  }
  for (const e of document.querySelectorAll("*")) {
    for (const a of e.attributes) if (/^on|^style$|^srcdoc$/.test(a.name)) wrong.push(`<${e.tagName} ${a.name}="${a.value}">`);
    if (e.matches(".hit, #hit")) wrong.push(`<${e.tagName} class="${e.className}">`);
    if (e.href && !/^(https?|mailto):$/.test(e.protocol ?? "https:")) wrong.push(`${e.tagName} leads to ${e.href}`);
  }
  const main = document.querySelector("main")?.getBoundingClientRect();
  if (!main || main.width < 200) wrong.push("the content has gone");
  return wrong;
})()"#;

fn in_a_browser(stage: &mut Stage, outer: &[(String, usize)], inner: &[(String, usize)]) {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(true);
    browser.size(390, 844);
    let mut wrong = Vec::new();
    let mut look = |browser: &mut Driven, path: &str, who: &str| {
        browser.open(&stage.house.url(path));
        let seen = browser.evaluate(LOOK);
        let seen = seen.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned));
        // The browser remarks on the status of a page that says 404; nothing else may be remarked on.
        let remarks = browser
            .complaints()
            .into_iter()
            .filter(|remark| !remark.contains("Failed to load resource: the server responded with a status of 4"));
        let remarks: Vec<_> = seen.chain(remarks).collect();
        wrong.extend(remarks.into_iter().map(|text| format!("{path} for {who}: {text}")));
    };
    for (path, _) in outer {
        look(&mut browser, path, "a guest");
    }
    browser.open(&stage.house.url("/auth/sign_in"));
    browser.fill("#login", "ada");
    browser.fill("#password", crate::house::PASSWORD);
    browser.follow("[action='/auth/sign_in'] button");
    for (path, _) in outer.iter().take(14).chain(inner) {
        look(&mut browser, path, "ada");
    }
    assert!(wrong.is_empty(), "{} faults in a browser:\n{}", wrong.len(), shown(&wrong));
    println!("foreign text: {} pages in a browser", outer.len() + 14 + inner.len());
}
