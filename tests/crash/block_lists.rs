//! A list of servers to block and `kill -9`: once the command has said that they are blocked, all of them are, each once.

use crate::{
    binary::{ask, wait_for},
    world::World,
};
use std::fs;

/// Servers of the list.
const MANY: usize = 2_500;

/// How many servers this one says it blocks; none while it does not answer.
fn blocked(world: &World) -> Option<usize> {
    let path = "/api/v1/instance/domain_blocks";
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", world.host);
    let reply = ask(world.address, request.as_bytes()).filter(|reply| reply.status == 200)?;
    let rows: serde_json::Value = serde_json::from_slice(&reply.body).ok()?;
    rows.as_array().map(Vec::len)
}

#[test]
fn a_list_that_was_taken_is_applied_whole_however_often_the_server_is_killed() {
    let world = World::new("redb");
    let list = world.data().join("list.csv");
    let lines: String = (0..MANY).map(|number| format!("d{number:04}.example,suspend\n")).collect();
    fs::write(&list, format!("domain,severity\n{lines}b*d.example,suspend\ndull.example,silence\n")).expect("written");
    let running = world.serve();
    let import = |more: &[&str]| {
        let mut command = world.command();
        command.args(["domain", "import"]).arg(&list).args(["--strength", "light", "--data"]).arg(world.data());
        let done = command.args(more).output().expect("the binary starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    let said = import(&["--dry-run"]);
    assert!(said.contains(&format!("{MANY} servers ({MANY} to be suspended, 0 limited")), "{said}");
    assert!(said.contains("1 lines cannot be read"), "{said}");
    assert_eq!(blocked(&world), Some(0), "it was only looked at");
    let said = import(&[]);
    assert!(said.contains("one after another"), "{said}");
    running.kill();
    let (mut seen, mut kills) = (0, 0);
    loop {
        let running = world.serve();
        let now = wait_for("an answer", || blocked(&world));
        assert!(now >= seen, "{seen} were blocked, and {now} are left");
        seen = now;
        if seen == MANY || kills == 6 {
            let all = wait_for("all of them", || blocked(&world).filter(|count| *count == MANY));
            println!("{all} servers blocked after {kills} kills");
            running.stop();
            break;
        }
        wait_for("some more of them", || blocked(&world).filter(|count| *count > now));
        running.kill();
        kills += 1;
    }
    world.check();
}
