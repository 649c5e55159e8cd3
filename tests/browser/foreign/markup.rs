//! A page as browsers parse it (html5ever, the tree construction of the HTML standard), and what must not be in it.

use html5ever::{
    Attribute, ExpandedName, ParseOpts, QualName, parse_document,
    tendril::{StrTendril, TendrilSink},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
};
use std::{borrow::Cow, cell::RefCell};

/// Elements of pages: what templates write and what the sanitiser lets through.
const ELEMENTS: [&str; 78] = [
    "a",
    "article",
    "aside",
    "bdi",
    "blockquote",
    "body",
    "br",
    "button",
    "code",
    "datalist",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "b",
    "img",
    "input",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "path",
    "pre",
    "progress",
    "rp",
    "rt",
    "ruby",
    "s",
    "script",
    "search",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "summary",
    "svg",
    "symbol",
    "table",
    "tbody",
    "td",
    "textarea",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "u",
    "ul",
    "use",
];

/// Attributes of pages. Whatever begins with `on`, and `style`, is none of them.
const ATTRIBUTES: [&str; 85] = [
    "accept",
    "accept-charset",
    "action",
    "align",
    "alt",
    "async",
    "autocapitalize",
    "autocomplete",
    "autofocus",
    "charset",
    "checked",
    "class",
    "cols",
    "content",
    "d",
    "datetime",
    "decoding",
    "defer",
    "dir",
    "disabled",
    "enctype",
    "fill",
    "download",
    "for",
    "form",
    "formaction",
    "formmethod",
    "formnovalidate",
    "height",
    "hidden",
    "href",
    "hreflang",
    "http-equiv",
    "id",
    "inputmode",
    "label",
    "lang",
    "list",
    "loading",
    "max",
    "maxlength",
    "method",
    "min",
    "minlength",
    "multiple",
    "name",
    "novalidate",
    "open",
    "pattern",
    "placeholder",
    "property",
    "readonly",
    "rel",
    "required",
    "reversed",
    "role",
    "rows",
    "selected",
    "size",
    "sizes",
    "spellcheck",
    "src",
    "start",
    "step",
    "stroke",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "tabindex",
    "target",
    "title",
    "translate",
    "type",
    "value",
    "viewBox",
    "width",
    "xmlns",
    "fill-rule",
    "clip-rule",
    "cx",
    "cy",
    "r",
    "opacity",
    "accesskey",
    "scope",
];

/// Attributes whose value is only ever read as text.
const TEXTS: [&str; 7] = ["alt", "content", "value", "title", "placeholder", "label", "datetime"];

/// Words that are in every piece of the corpus that would do something.
const MARKS: [&str; 2] = ["__hit", "hit.test"];

/// Drawings of ours that stand inside pages, letter for letter; everything else that is drawn is an icon by its name.
const DRAWINGS: [&str; 3] = [
    include_str!("../../../web/src/assets/mark.svg"),
    include_str!("../../../web/src/assets/scene.svg"),
    include_str!("../../../web/src/assets/icons.svg"),
];

/// What is wrong with a page: a list of sentences.
pub(super) fn faults(page: &str) -> Vec<String> {
    let bare = DRAWINGS.iter().fold(page.to_owned(), |page, drawing| page.replacen(drawing.trim(), "", 1));
    let sink = parse_document(Sink::default(), ParseOpts::default()).one(bare.as_str());
    sink.faults.into_inner()
}

#[derive(Default)]
struct Sink {
    /// What each element is; by their handles, from 1 on.
    names: RefCell<Vec<Option<&'static QualName>>>,
    faults: RefCell<Vec<String>>,
}

impl Sink {
    fn make(&self, name: Option<&'static QualName>) -> usize {
        let mut names = self.names.borrow_mut();
        names.push(name);
        names.len()
    }

    fn fault(&self, what: String) {
        self.faults.borrow_mut().push(what);
    }

    fn look(&self, name: &QualName, attributes: &[Attribute]) {
        let element = &*name.local;
        let written = || {
            let each = attributes.iter().map(|found| format!(" {}={:?}", found.name.local, &*found.value));
            format!("<{element}{}>", each.collect::<String>())
        };
        if !ELEMENTS.contains(&element) {
            self.fault(format!("an element that is none of ours: {}", written()));
        }
        // Data for machines is no script: nothing of it runs.
        let data = matches!(attributes, [one] if &*one.name.local == "type" && &*one.value == "application/ld+json");
        if element == "script" && !data && !attributes.iter().any(|found| &*found.name.local == "src") {
            self.fault(format!("a script inside the page: {}", written()));
        }
        for found in attributes {
            let (attribute, value) = (&*found.name.local, &*found.value);
            let known =
                ATTRIBUTES.contains(&attribute) || attribute.starts_with("aria-") || attribute.starts_with("data-");
            let text = TEXTS.contains(&attribute) || attribute.starts_with("aria-");
            let marked = MARKS.iter().any(|mark| value.contains(mark));
            let right = match attribute {
                _ if !known || attribute.starts_with("on") => false,
                "href" | "src" | "action" | "formaction" => is_safe(element, value),
                "class" | "id" => !value.split_ascii_whitespace().any(|word| word == "hit"),
                "lang" => value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "form" => value == "acts",
                "http-equiv" => false,
                _ => text || !marked,
            };
            if !right {
                self.fault(format!("{attribute} of {}", written()));
            }
        }
    }
}

/// Whether an address does no more than lead somewhere: what is loaded is ours, what is a link may lead to the web.
fn is_safe(element: &str, value: &str) -> bool {
    let own = value.is_empty() || value.starts_with('#') || value.starts_with('?');
    let own = own || (value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\"));
    match element {
        "script" | "img" | "form" | "button" | "input" => own && !value.contains('\\'),
        "use" => value.starts_with('#'),
        _ => own || ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> ExpandedName<'a> {
        let name = self.names.borrow().get(target.wrapping_sub(1)).copied().flatten();
        name.expect("only elements are asked for their names").expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.look(&name, &attributes);
        // Pages of tests are few; a name has to live as long as whatever borrows it.
        self.make(Some(Box::leak(Box::new(name))))
    }

    fn create_comment(&self, text: StrTendril) -> usize {
        self.fault(format!("a comment: {text}"));
        self.make(None)
    }

    fn create_pi(&self, target: StrTendril, _: StrTendril) -> usize {
        self.fault(format!("an instruction: {target}"));
        self.make(None)
    }

    fn append(&self, _: &usize, _: NodeOrText<usize>) {}

    fn append_based_on_parent_node(&self, _: &usize, _: &usize, _: NodeOrText<usize>) {}

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        if mode != QuirksMode::NoQuirks {
            self.fault("the page is none of today's".to_owned());
        }
    }

    fn append_before_sibling(&self, _: &usize, _: NodeOrText<usize>) {}

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        let name = self.names.borrow().get(target.wrapping_sub(1)).copied().flatten();
        self.fault(format!("a second {:?} with {} attributes", name.map(|name| &*name.local), attributes.len()));
    }

    fn remove_from_parent(&self, _: &usize) {}

    fn reparent_children(&self, _: &usize, _: &usize) {}
}

/// Whoever looks must be able to see.
#[test]
fn what_would_run_is_found() {
    for wrong in [
        "<script>1</script>",
        "<script type=module>1</script>",
        "<img src=x onerror=1>",
        "<p style=x>",
        "<a href=javascript:1>x</a>",
        "<img src=https://hit.test/x>",
        "<iframe></iframe>",
        "<p class=hit>",
        "<p><svg><script>1</script></svg>",
        "<body><body onload=1>",
        "<meta http-equiv=refresh content=0>",
        "<form action=//hit.test/>",
        "<math><mi href=x>",
        "<!-- x -->",
    ] {
        assert!(!faults(&format!("<!DOCTYPE html><title>x</title><p>{wrong}")).is_empty(), "{wrong}");
    }
    let right = "<!DOCTYPE html><html lang=en><title>&lt;script></title><p class=\"x\"><a href=\"https://x.test\">&lt;img onerror=1></a>\
        <input value=\"&quot;__hit\"><textarea></p><script>x</textarea>\
        <script type=\"application/ld+json\">{}</script>";
    assert_eq!(faults(right), Vec::<String>::new());
}
