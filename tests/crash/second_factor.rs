//! Two-factor authentication and `kill -9`: a code that let somebody in lets nobody in again.

use crate::{
    sign_in::{Browser, fields_of},
    web::Reply,
    world::{PASSWORD, World},
};
use dassie::user::{code, totp};
use std::{collections::BTreeMap, time::SystemTime};
use storage::Timestamp;

fn browser(world: &World) -> Browser {
    Browser { address: world.address, host: world.host.clone(), cookies: BTreeMap::new() }
}

/// Sends the form of a page that goes to `action`, with what was typed.
fn send(browser: &mut Browser, page: &Reply, action: &str, typed: &[(&str, &str)]) -> Reply {
    let mut fields = fields_of(&page.text(), action);
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post_owned(action, &fields)
}

fn gives_password(browser: &mut Browser) -> Reply {
    let page = browser.get("/auth/sign_in");
    send(browser, &page, "/auth/sign_in", &[("login", "alice"), ("password", PASSWORD)])
}

/// Whether a code lets in whoever knows the password.
fn lets_in(world: &World, code: &str) -> bool {
    let mut browser = browser(world);
    assert_eq!(gives_password(&mut browser).status, 303);
    let page = browser.get("/auth/second_step");
    let reply = send(&mut browser, &page, "/auth/second_step", &[("code", code)]);
    assert!(matches!(reply.status, 303 | 422), "{} {}", reply.status, reply.text());
    reply.status == 303
}

#[expect(clippy::disallowed_methods, reason = "the binary under test lives by the system's clock")]
#[test]
fn a_code_that_let_somebody_in_lets_nobody_in_after_a_kill() {
    let world = World::new("redb");
    let running = world.serve();
    let mut alice = browser(&world);
    assert_eq!(gives_password(&mut alice).status, 303);
    let page = alice.get("/settings/second_factor");
    let fields = fields_of(&page.text(), "/settings/second_factor");
    let secret = &fields.iter().find(|(name, _)| name == "secret").expect("a secret").1;
    let secret = code::bytes(secret).expect("a secret");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis();
    let step = totp::step_at(Timestamp(i64::try_from(now).expect("before the end")));
    let (first, next) = (totp::code_of(&secret, step), totp::code_of(&secret, step + 1));
    let typed = [("do", "on"), ("code", first.as_str()), ("password", PASSWORD)];
    let on = send(&mut alice, &page, "/settings/second_factor", &typed);
    assert_eq!(on.status, 303, "{}", on.text());
    running.kill();

    let running = world.serve();
    assert!(!lets_in(&world, &first), "it confirmed that the program has the secret");
    assert!(lets_in(&world, &next), "a step early");
    running.kill();

    let running = world.serve();
    assert!(!lets_in(&world, &next) && !lets_in(&world, &first), "each counts once");
    running.stop();
    world.check();
}
