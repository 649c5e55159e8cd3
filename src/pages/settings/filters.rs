//! Filters: their list, one of them, and what it would find.

use super::{
    super::draw::{Found, draw, draw_on_view},
    Outcome, outcome,
};
use crate::{
    error::{Error, Result},
    filter::{self, FilterChange, KeywordChange, Whole, action_name, context_name},
    http::{
        answer,
        visit::{Form, Member, Visit, gone},
    },
    intake::filter::{change, lasts_ms},
    limits,
    present::filter as drawn,
    server::Server,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{
    AccountId, RowId,
    filter::{Filter as Record, FilterAction, FilterContext, FilterKeyword},
};
use web::{
    entity::{Filter, FilterWord},
    page::settings::filters::{self as page, One, Trial},
};

const PATH: &str = "/settings/filters";

/// `GET /settings/filters`
pub(super) async fn list(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let filters: Vec<_> = filter::list(context.read, own)?.iter().map(drawn::whole).collect();
        Ok(Found::Page(page::filters(site, &filters)))
    })
    .await
}

/// `GET /settings/filters/new`, `GET /settings/filters/ID`
pub(super) async fn form(State(server): State<Server>, Path(id): Path<String>, member: Member) -> Result<Response> {
    let (own, id) = (member.account, number(&id)?);
    let shown = server
        .read(move |view| match id {
            Some(id) => Ok(drawn::whole(&filter::show(view, own, id)?)),
            None => Ok(Filter {
                id: String::new(),
                title: String::new(),
                context: vec![context_name(FilterContext::Home), context_name(FilterContext::Public)],
                expires_at: None,
                filter_action: action_name(FilterAction::Warn),
                keywords: Some(Vec::new()),
                statuses: None,
            }),
        })
        .await?;
    let lasts = if shown.id.is_empty() { "" } else { "keep" };
    draw(&server, &member.visit, move |_, site| {
        Ok(Found::Page(page::filter(site, &One { filter: &shown, lasts, trial: None, problem: None })))
    })
    .await
}

/// `POST /settings/filters/new`, `POST /settings/filters/ID`
pub(super) async fn send(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, number(&id)?);
    let sent = wanted(&form);
    match (form.params.str("do"), id) {
        (Some("delete"), Some(id)) => match server.write(move |tx| filter::delete(tx, own, id)).await {
            // Gone already, in another window perhaps.
            Ok(()) | Err(Error::NotFound) => gone(&server, PATH, "notice-filter-removed"),
            Err(error) => Err(error),
        },
        (Some("try"), _) => match sent {
            Ok(sent) => tried(&server, &form, id, sent).await,
            Err(error) => refused(&server, &form, id, error).await,
        },
        _ => {
            let result = match sent {
                Ok(sent) => keep(&server, own, id, sent).await,
                Err(error) => Err(error),
            };
            match outcome(&server, PATH, "notice-saved", result)? {
                Outcome::Done(response) => Ok(response),
                Outcome::Refused(why) => again(&server, &form.visit, typed(&form, id), &form, None, Some(why)).await,
            }
        }
    }
}

fn number(text: &str) -> Result<Option<RowId>> {
    match text {
        "new" => Ok(None),
        other => other.parse().map(|id| Some(RowId(id))).map_err(|_| Error::NotFound),
    }
}

/// What the form says: lines left empty are no words, a line that was emptied takes its word away; without any place
/// ticked there is none.
fn wanted(form: &Form) -> Result<FilterChange> {
    let mut sent = change(&form.params)?;
    sent.contexts = Some(sent.contexts.unwrap_or_default());
    sent.lasts_ms = if form.text("expires_in") == "keep" { None } else { lasts_ms(&form.params) };
    let blank = |text: &str| text.trim().is_empty();
    let keywords = std::mem::take(&mut sent.keywords).into_iter();
    sent.keywords = keywords
        .filter_map(|one| match one {
            KeywordChange::Add(word) if blank(&word.keyword) => None,
            KeywordChange::Change(row, Some(text), _) if blank(&text) => Some(KeywordChange::Remove(row)),
            other => Some(other),
        })
        .collect();
    Ok(sent)
}

async fn keep(server: &Server, own: AccountId, id: Option<RowId>, sent: FilterChange) -> Result<()> {
    server
        .write(move |tx| match id {
            Some(id) => filter::update(tx, own, id, &sent),
            None => filter::create(tx, own, &sent).map(drop),
        })
        .await
}

async fn refused(server: &Server, form: &Form, id: Option<RowId>, error: Error) -> Result<Response> {
    match error {
        Error::Invalid { why, .. } => again(server, &form.visit, typed(form, id), form, None, Some(why)).await,
        other => Err(other),
    }
}

/// The filter as it was typed, for the form.
fn typed(form: &Form, id: Option<RowId>) -> Filter {
    let params = &form.params;
    let contexts = params.texts("context").into_iter().filter_map(filter::context_named).map(context_name);
    let words = params.maps("keywords_attributes").into_iter().take(limits::FILTER_ENTRIES_MAX);
    let words = words.filter(|word| word.has("id") || word.str("keyword").is_some_and(|text| !text.trim().is_empty()));
    Filter {
        id: id.map(|id| id.to_string()).unwrap_or_default(),
        title: params.str("title").unwrap_or_default().to_owned(),
        context: contexts.collect(),
        expires_at: None,
        filter_action: action_name(
            params.str("filter_action").and_then(filter::action_named).unwrap_or(FilterAction::Warn),
        ),
        keywords: Some(
            words
                .map(|word| FilterWord {
                    id: word.str("id").unwrap_or_default().to_owned(),
                    keyword: word.str("keyword").unwrap_or_default().to_owned(),
                    whole_word: word.bool("whole_word").unwrap_or(true),
                })
                .collect(),
        ),
        statuses: None,
    }
}

/// The form again, as it was typed.
async fn again(
    server: &Server,
    visit: &Visit,
    typed: Filter,
    form: &Form,
    trial: Option<Trial>,
    problem: Option<String>,
) -> Result<Response> {
    let (lasts, said) = (form.text("expires_in").to_owned(), problem.clone());
    let shown = draw(server, visit, move |_, site| {
        let page = One { filter: &typed, lasts: &lasts, trial, problem: problem.as_deref() };
        Ok(Found::Page(page::filter(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// Tries the filter as it was typed on the last posts of home; nothing is kept.
async fn tried(server: &Server, form: &Form, id: Option<RowId>, sent: FilterChange) -> Result<Response> {
    let (own, now, home) = (form.account, server.now(), server.home().clone());
    let shown = typed(form, id);
    let words = shown.keywords.iter().flatten().filter(|word| !word.keyword.trim().is_empty());
    let words = words.take(limits::FILTER_ENTRIES_MAX).filter(|word| word.keyword.len() <= KEYWORD_BYTES);
    let keywords = words.map(|word| FilterKeyword { keyword: word.keyword.clone(), whole_word: word.whole_word });
    let keywords: Vec<_> = keywords.map(|keyword| (RowId(0), keyword)).collect();
    let action = sent.action.unwrap_or(FilterAction::Warn);
    let record = Record { title: shown.title.clone(), contexts: Vec::new(), action, expires_at: None };
    let (lasts, drawn) = (form.text("expires_in").to_owned(), shown);
    draw_on_view(server, &form.visit, move |view, context, site| {
        let statuses = match id {
            Some(id) => filter::show(context.read, own, id)?.statuses,
            None => Vec::new(),
        };
        let whole = Whole { id: id.unwrap_or(RowId(0)), filter: record, keywords, statuses };
        let (last, _) = home.newest(view, own, now, None, (limits::FILTER_TRIED, limits::FILTER_TRIED_PAGES))?;
        let found = filter::found_in(context.read, own, whole, &last, now)?;
        let trial = Trial { found: found as u64, among: last.len() as u64 };
        let page = One { filter: &drawn, lasts: &lasts, trial: Some(trial), problem: None };
        Ok(Found::Page(page::filter(site, &page)))
    })
    .await
}

/// Bytes of a keyword that can be tried; a character has at most four.
const KEYWORD_BYTES: usize = limits::FILTER_KEYWORD_CHARS_MAX * 4;
