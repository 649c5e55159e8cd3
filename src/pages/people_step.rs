//! The first run's third step, for whoever has just become the owner: people they know from elsewhere, topics, servers to
//! stay away from, and who may come here.

use super::draw::{Found, draw};
use crate::{
    account::excerpt,
    error::{Error, Result},
    http::{
        answer,
        value::Value,
        visit::{Form, Member, Visit, gone},
    },
    instance::settings::{self, Setting},
    limits,
    moderation::block_list::{self, ListStrength, Table},
    server::Server,
    tag,
    transfer::{self, source},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use storage::{
    AccountId, Read, Tx,
    import::{ImportKind, ImportMode, ImportRow},
    instance::{self, Registrations},
    invite::{self, Inviters},
    user::{self, Role},
};
use web::page::{
    compose::BEGIN,
    people_step::{self as page, People},
};

/// Who may come, in the words of the form, and what that is in settings.
const SIGN_UPS: [(&str, Registrations, Inviters); 4] = [
    ("closed", Registrations::Closed, Inviters::Nobody),
    ("invite", Registrations::Closed, Inviters::Everybody),
    ("approve", Registrations::Approve, Inviters::Everybody),
    ("open", Registrations::Open, Inviters::Everybody),
];

/// What was typed, and why it was refused.
#[derive(Default)]
struct Typed {
    account: String,
    sign_ups: String,
    topics: Vec<String>,
    topics_typed: String,
    blocks: String,
    blocks_server: String,
    why: Option<String>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        Typed {
            account: form.text("account").to_owned(),
            sign_ups: form.text("sign_ups").to_owned(),
            topics: form.params.texts("topic").into_iter().map(str::to_owned).collect(),
            topics_typed: form.text("topics").to_owned(),
            blocks: form.text("blocks").to_owned(),
            blocks_server: form.text("blocks_server").to_owned(),
            why: None,
        }
    }
}

/// What was said and is sound.
#[derive(Clone)]
struct Wanted {
    follows: Option<Vec<ImportRow>>,
    account: String,
    topics: Vec<String>,
    list: Option<(ListStrength, List)>,
    registrations: Registrations,
    inviters: Inviters,
}

/// Where a list of servers to block is from.
#[derive(Clone)]
enum List {
    File(String, Table),
    Server(String),
}

/// `GET /first-run/people`
pub(super) async fn form(State(server): State<Server>, member: Member) -> Result<Response> {
    show(&server, &member.visit, member.account, None).await
}

/// `POST /first-run/people`: all of it, or nothing. A list of servers to block is only kept by this; what becomes of it is
/// said on the page that follows, with the numbers.
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let typed = Typed::of(&form);
    match kept(&server, &form, &typed).await {
        Ok(wanted) if wanted.list.is_some() => Ok(Redirect::to("/first-run/blocks").into_response()),
        Ok(wanted) if wanted.follows.is_some() || !wanted.account.is_empty() => {
            gone(&server, BEGIN, "notice-people-come")
        }
        Ok(_) => gone(&server, BEGIN, "notice-begun"),
        Err(Error::Invalid { why, .. }) => {
            show(&server, &form.visit, form.account, Some(Typed { why: Some(why), ..typed })).await
        }
        Err(error) => Err(error),
    }
}

/// Keeps what was said in one commit.
async fn kept(server: &Server, form: &Form, typed: &Typed) -> Result<Wanted> {
    let (own, wanted) = (form.account, wanted(server, form, typed).await?);
    let stored = wanted.clone();
    let rule = move |tx: &mut Tx<'_>| {
        require_owner(tx, own)?;
        settings::set(tx, Setting::Registrations, settings::registrations_name(stored.registrations))?;
        settings::set(tx, Setting::Invites, settings::inviters_name(stored.inviters))?;
        for topic in &stored.topics {
            tag::follow(tx, own, topic)?;
        }
        if let Some(rows) = &stored.follows {
            transfer::begin(tx, own, ImportKind::Following, ImportMode::Merge, rows.clone())?;
        }
        if !stored.account.is_empty() {
            source::ask(tx, own, &stored.account)?;
        }
        match &stored.list {
            Some((strength, List::File(name, table))) => {
                block_list::bring(tx, own, name, *strength, table.clone()).map(drop)
            }
            Some((strength, List::Server(domain))) => block_list::ask(tx, own, domain, *strength).map(drop),
            None => Ok(()),
        }
    };
    server.write(rule).await?;
    Ok(wanted)
}

/// Reads what was said.
async fn wanted(server: &Server, form: &Form, typed: &Typed) -> Result<Wanted> {
    let chosen = SIGN_UPS.iter().find(|(known, ..)| *known == typed.sign_ups);
    let (_, registrations, inviters) = *chosen.ok_or_else(|| Error::invalid("sign_ups", "say who may come"))?;
    let follows = match chosen_file(form, "file") {
        Some((_, bytes)) => Some(server.on_disk(move || transfer::read(ImportKind::Following, &bytes)).await?),
        None => None,
    };
    let list = list(server, form, typed).await?;
    if (follows.is_some() || !typed.account.is_empty() || list.is_some()) && !federates(server) {
        return Err(Error::invalid("account", form.visit.words.say("people-try-out")));
    }
    let (account, topics) = (typed.account.clone(), topics(typed)?);
    Ok(Wanted { follows, account, topics, list, registrations, inviters })
}

/// The list that was brought, with how much of it is to be taken.
async fn list(server: &Server, form: &Form, typed: &Typed) -> Result<Option<(ListStrength, List)>> {
    let refuse = |why: &str| Err(Error::invalid("block_list", why));
    let brought = match chosen_file(form, "blocks_file") {
        Some((name, bytes)) if bytes.len() <= limits::BLOCK_LIST_BYTES => {
            Some(List::File(name, server.on_disk(move || block_list::read(&bytes)).await?))
        }
        Some((_, bytes)) => {
            return refuse(&format!("the list has {} bytes; at most {}", bytes.len(), limits::BLOCK_LIST_BYTES));
        }
        None if typed.blocks_server.is_empty() => None,
        None => Some(List::Server(typed.blocks_server.clone())),
    };
    match (block_list::strength_named(&typed.blocks), brought) {
        (Some(strength), Some(list)) => Ok(Some((strength, list))),
        (Some(_), None) => refuse("bring a list of servers, or name a server whose list it is to be"),
        (None, Some(_)) => refuse("say how much of the list is to be taken"),
        (None, None) => Ok(None),
    }
}

/// The name and the bytes of a file, if one was chosen.
fn chosen_file(form: &Form, field: &str) -> Option<(String, Bytes)> {
    match form.params.get(field) {
        Some(Value::File(file)) if !file.bytes.is_empty() => {
            Some((file.name.clone().unwrap_or_default(), file.bytes.clone()))
        }
        _ => None,
    }
}

/// Hashtags that were ticked or typed, each once.
fn topics(typed: &Typed) -> Result<Vec<String>> {
    let words = typed.topics_typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '،'));
    let named = typed.topics.iter().map(String::as_str).chain(words).map(|word| word.trim_start_matches('#'));
    let mut found: Vec<String> = Vec::new();
    for word in named.filter(|word| !word.is_empty()) {
        let refuse = |_| Error::invalid("topics", format!("{:?} is not a hashtag", excerpt(word)));
        let key = tag::require_name(word).map_err(refuse)?;
        if !found.contains(&key) {
            found.push(key);
        }
    }
    if found.len() > limits::FIRST_TOPICS {
        let why = format!("you choose {} hashtags; at most {} at first", found.len(), limits::FIRST_TOPICS);
        return Err(Error::invalid("topics", why));
    }
    Ok(found)
}

async fn show(server: &Server, visit: &Visit, own: AccountId, refused: Option<Typed>) -> Result<Response> {
    let said = refused.as_ref().and_then(|typed| typed.why.clone());
    let federates = federates(server);
    let shown = draw(server, visit, move |context, site| {
        require_owner(context.read, own)?;
        let typed = match refused {
            Some(typed) => typed,
            None => {
                Typed { sign_ups: sign_ups(context.read)?.to_owned(), blocks: "none".to_owned(), ..Typed::default() }
            }
        };
        let shown = People {
            federates,
            account: &typed.account,
            sign_ups: &typed.sign_ups,
            rows_max: limits::IMPORT_ROWS as u64,
            topics: &typed.topics,
            topics_typed: &typed.topics_typed,
            blocks: &typed.blocks,
            blocks_server: &typed.blocks_server,
            blocks_max: limits::BLOCK_LIST_ROWS as u64,
            problem: typed.why.as_deref(),
        };
        Ok(Found::Page(page::people_step(site, &shown)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// Who may come now.
fn sign_ups(read: &dyn Read) -> Result<&'static str> {
    let (registrations, inviters) = (instance::settings(read)?.registrations, invite::inviters(read)?);
    Ok(match (registrations, inviters) {
        (Registrations::Open, _) => "open",
        (Registrations::Approve, _) => "approve",
        (Registrations::Closed, Inviters::Nobody) => "closed",
        (Registrations::Closed, _) => "invite",
    })
}

/// For everybody else there is no such page.
pub(super) fn require_owner(read: &dyn Read, own: AccountId) -> Result<()> {
    let owner = user::find(read, own)?.is_some_and(|user| user.role == Role::Owner);
    if owner { Ok(()) } else { Err(Error::NotFound) }
}

/// A try-out reaches nobody, but for those of a lab.
fn federates(server: &Server) -> bool {
    !server.origin().is_localhost() || server.reach().is_lab()
}
