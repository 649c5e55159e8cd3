//! Pages as browsers ask for them: a thread of a thousand replies, and a profile that very many look at while somebody who
//! is signed in goes on reading and posting.

use crate::{
    Stretch, closed_loop,
    http::{self, Connection},
    post, quantile,
    subject::Subject,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Replies of the thread, and people who write them.
const REPLIES: usize = 1_000;
const WRITERS: usize = 8;
/// Of ten replies so many answer the post itself; the others answer a reply.
const DIRECT_OF_TEN: usize = 6;
/// Posts of the profile: three pages.
const POSTS: usize = 60;
/// Guests' requests a second, for how long, and the connections they come on.
const GUESTS_PER_SECOND: u32 = 2_000;
const SECONDS: u32 = 10;
const GUESTS: usize = 64;
/// Requests a second of whoever is signed in.
const MEMBER_PER_SECOND: u32 = 20;

/// A post with a thousand replies: what a page of it costs, for a guest and for whoever is signed in.
pub(crate) async fn thread(subject: &Subject) {
    let mut tokens = Vec::new();
    for number in 0..WRITERS {
        let name = format!("thread{number}");
        subject.add_user(&name);
        tokens.push(subject.token(&name).await);
    }
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let root = post(&mut connection, &tokens[0], "What+do+you+see+from+your+rock%3F").await;
    let mut replies: Vec<String> = Vec::new();
    for number in 0..REPLIES {
        let parent = match number % 10 < DIRECT_OF_TEN || replies.is_empty() {
            true => &root,
            // Any earlier one, of all depths.
            false => &replies[number * 7_919 % replies.len()],
        };
        let text = format!(
            "Reply+{number}+as+people+write+them%2C+with+a+link+https%3A%2F%2Fexample.org%2F{number}+and+a+%23tag+or+two\
             +%23rock.+It+rains%2C+the+dassies+sit+inside+and+wait+for+the+sun.&in_reply_to_id={parent}"
        );
        replies.push(post(&mut connection, &tokens[number % WRITERS], &text).await);
    }
    let path = format!("/@thread0/{root}");
    let cookie = subject.session("thread1").await;
    for (who, cookie) in [("a guest", ""), ("signed in", cookie.as_str())] {
        let request = page(subject, &path, &[("cookie", cookie)]);
        let answer = connection.send(&request).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let (bytes, shown) = (answer.body.len(), answer.text().matches("<article").count());
        let stretch = Stretch::begin(subject);
        let count = closed_loop(&subject.host, 1, move |_| request.clone()).await;
        stretch.report(subject, &format!("thread, {who}, {shown} posts"), count, "<= 50 ms");
        println!("bytes of that page          {:8.1} KB", bytes as f64 / 1000.0);
    }
}

/// A page as a browser asks for it.
fn page(subject: &Subject, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let accept = ("accept", "text/html,application/xhtml+xml");
    let headers: Vec<_> = headers.iter().copied().filter(|(_, value)| !value.is_empty()).chain([accept]).collect();
    http::request(&subject.host, "GET", path, &headers, b"")
}

/// A public profile under 2 000 requests a second, of people who have not seen it and of people who have; beside it somebody
/// who is signed in reads home and posts.
pub(crate) async fn profile(subject: &Subject, token: &str) {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    for number in 0..POSTS {
        let text = format!(
            "Post+{number}+of+a+profile%2C+with+a+%23tag+and+a+link+https%3A%2F%2Fexample.org%2F{number}+to+read"
        );
        post(&mut connection, token, &text).await;
    }
    let cookie = subject.session("load0").await;
    let fresh = page(subject, "/@load0", &[]);
    let answer = connection.send(&fresh).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let tag = answer.header("etag").expect("a tag").to_owned();
    println!("bytes of the profile        {:8.1} KB", answer.body.len() as f64 / 1000.0);
    let mut alone = member(subject, &cookie, token).await;
    println!(
        "signed in, nobody else      {:8.1} ms at the median, {:6.1} ms p99",
        quantile(&mut alone, 50),
        quantile(&mut alone, 99)
    );
    for (what, request) in [("whole", fresh), ("known", page(subject, "/@load0", &[("if-none-match", &tag)]))] {
        let times: Rc<RefCell<Vec<Duration>>> = Rc::default();
        let stretch = Stretch::begin(subject);
        let guests = guests(subject, request, times.clone());
        let beside = member(subject, &cookie, token);
        let (count, mut beside) = tokio::join!(guests, beside);
        stretch.report(subject, &format!("profile, {what}, {GUESTS_PER_SECOND} a second"), count, "2000");
        let mut times = times.borrow_mut();
        println!(
            "profile, {what}: answered in {:6.1} ms at the median, {:6.1} ms p99 (aim <= 100); signed in meanwhile {:6.1} ms, {:6.1} ms p99",
            quantile(&mut times, 50),
            quantile(&mut times, 99),
            quantile(&mut beside, 50),
            quantile(&mut beside, 99),
        );
    }
}

/// Guests who come at a steady rate whatever the answers take; each time counts from when it was due.
async fn guests(subject: &Subject, request: Vec<u8>, times: Rc<RefCell<Vec<Duration>>>) -> u64 {
    let (begun, next, total) = (Instant::now(), Rc::new(Cell::new(0_u32)), GUESTS_PER_SECOND * SECONDS);
    let request = Rc::new(request);
    let mut tasks = JoinSet::new();
    for _ in 0..GUESTS {
        let (host, next, request, times) = (subject.host.clone(), next.clone(), request.clone(), times.clone());
        tasks.spawn_local(async move {
            let mut connection = Connection::open(&host).await.expect("it listens");
            loop {
                let number = next.get();
                if number >= total {
                    return;
                }
                next.set(number + 1);
                let due = begun + Duration::from_secs(1) * number / GUESTS_PER_SECOND;
                tokio::time::sleep_until(due.into()).await;
                let answer = connection.send(&request).await.expect("an answer");
                assert!(matches!(answer.status, 200 | 304), "{}", answer.text());
                times.borrow_mut().push(due.elapsed());
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a guest came to the end");
    }
    times.borrow().len() as u64
}

/// Somebody who reads home and, every tenth time, posts; how long each took from when it was due.
async fn member(subject: &Subject, cookie: &str, token: &str) -> Vec<Duration> {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let home = page(subject, "/home", &[("cookie", cookie)]);
    let begun = Instant::now();
    let mut times = Vec::new();
    for number in 0..MEMBER_PER_SECOND * SECONDS {
        let due = begun + Duration::from_secs(1) * number / MEMBER_PER_SECOND;
        tokio::time::sleep_until(due.into()).await;
        if number % 10 == 9 {
            post(&mut connection, token, &format!("Meanwhile+{number}")).await;
        } else {
            let answer = connection.send(&home).await.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        times.push(due.elapsed());
    }
    times
}
