//! A browser driven over its pipe (Chrome DevTools Protocol): real clicks, real keys, real style; no driver program.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a test waits for the browser before it calls it stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// A headless browser with one open page.
pub(crate) struct Driven {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    /// The number of the last question.
    next: u64,
    session: Option<String>,
    /// What happened and nobody has asked about yet.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Driven {
    /// Starts it with a fresh profile; nothing but loopback can be reached.
    pub(crate) fn start(browser: &Path) -> Self {
        let profile = TempDir::new().expect("a directory");
        // The pipe is the descriptors 3 and 4, which only a shell can name from here.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"])
            .arg(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let to = child.stdin.take().expect("piped");
        let from = messages(BufReader::new(child.stdout.take().expect("piped")));
        let mut browser = Driven { child, to, from, next: 0, session: None, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", &attach)["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Log", "Runtime", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Whether pages may run scripts; their own forms and links must do without.
    pub(crate) fn scripts(&mut self, allowed: bool) {
        self.call("Emulation.setScriptExecutionDisabled", &json!({ "value": !allowed }));
    }

    /// The size of the window, in CSS pixels.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What the person prefers: media features by name and value.
    pub(crate) fn prefer(&mut self, features: &[(&str, &str)]) {
        let features: Vec<_> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.call("Emulation.setEmulatedMedia", &json!({ "media": "screen", "features": features }));
    }

    /// Opens an address and waits until everything is there.
    pub(crate) fn open(&mut self, url: &str) {
        self.events.clear();
        let answer = self.call("Page.navigate", &json!({ "url": url }));
        assert_eq!(answer.get("errorText"), None, "{url}");
        self.event("Page.loadEventFired");
    }

    /// What an expression gives; it runs beside the page, not in it.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.call("Runtime.evaluate", &json!({ "expression": expression, "returnByValue": true }));
        assert_eq!(answer.get("exceptionDetails"), None, "{expression}");
        answer["result"]["value"].clone()
    }

    /// What a promise comes to.
    pub(crate) fn evaluate_promise(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", &asked);
        assert_eq!(answer.get("exceptionDetails"), None, "{expression}");
        answer["result"]["value"].clone()
    }

    /// The text people see on the page.
    pub(crate) fn text(&mut self) -> String {
        self.evaluate("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Where the page is: path and query.
    pub(crate) fn path(&mut self) -> String {
        self.evaluate("location.pathname + location.search").as_str().unwrap_or_default().to_owned()
    }

    /// Puts the cursor into a field and types in place of what stands there.
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        let quoted = json!(selector);
        let field = self.evaluate(&format!(
            "{{const f = document.querySelector({quoted}); f?.focus(); f?.select?.(); f !== null}}"
        ));
        assert_eq!(field, Value::Bool(true), "no field {selector} on {}", self.path());
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Clicks on the middle of something and waits for the page it leads to.
    pub(crate) fn follow(&mut self, selector: &str) {
        self.press(selector);
        self.event_of_load();
    }

    /// Waits for the page that is being loaded.
    pub(crate) fn event_of_load(&mut self) {
        self.event("Page.loadEventFired");
    }

    /// Waits until an expression is true.
    pub(crate) fn comes(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.evaluate(expression) != Value::Bool(true) {
            assert!(begun.elapsed() < PATIENCE, "never: {expression}\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Shows pages as a printer would.
    pub(crate) fn on_paper(&mut self) {
        self.call("Emulation.setEmulatedMedia", &json!({ "media": "print", "features": [] }));
    }

    /// Plugs an authenticator in that knows its owner and makes passkeys (WebAuthn §11, automation).
    pub(crate) fn plug_in(&mut self) {
        self.call("WebAuthn.enable", &json!({}));
        let options = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        });
        self.call("WebAuthn.addVirtualAuthenticator", &json!({ "options": options }));
    }

    /// Presses a key that writes a character.
    pub(crate) fn key(&mut self, key: &str) {
        self.events.clear();
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { key } else { "" };
            self.call("Input.dispatchKeyEvent", &json!({ "type": kind, "key": key, "text": text }));
        }
    }

    /// Presses a key that does something: Enter or Space.
    pub(crate) fn stroke(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Space" => (32, " "),
            _ => panic!("no key {key}"),
        };
        self.events.clear();
        for (kind, text) in [("keyDown", text), ("keyUp", "")] {
            let key = if key == "Space" { " " } else { key };
            let pressed = json!({ "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", &pressed);
        }
    }

    /// Opens the dialogue of the file field that has the focus by its key, and chooses a file there.
    pub(crate) fn chooses_by_key(&mut self, file: &Path) {
        self.call("Page.setInterceptFileChooserDialog", &json!({ "enabled": true }));
        self.stroke("Space");
        self.event("Page.fileChooserOpened");
        let opened = self.events.iter().find(|event| event["method"] == "Page.fileChooserOpened");
        let node = opened.expect("it was waited for")["params"]["backendNodeId"].clone();
        self.events.clear();
        let files = json!({ "backendNodeId": node, "files": [file.display().to_string()] });
        self.call("DOM.setFileInputFiles", &files);
    }

    /// Presses a key that writes nothing, by its name and its number on keyboards of Windows.
    pub(crate) fn press_key(&mut self, key: &str, number: u32) {
        self.events.clear();
        for kind in ["rawKeyDown", "keyUp"] {
            let pressed = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": number });
            self.call("Input.dispatchKeyEvent", &pressed);
        }
    }

    /// Lets pages of an origin show notifications.
    pub(crate) fn allow_notifications(&mut self, origin: &str) {
        self.call("Browser.grantPermissions", &json!({ "permissions": ["notifications"], "origin": origin }));
    }

    /// Hands a message to the worker of an origin, as a push service does, until a promise comes to true: the debugging protocol
    /// does not say whether the worker was awake enough to have it.
    pub(crate) fn deliver_until(&mut self, origin: &str, data: &str, expression: &str) {
        self.call("ServiceWorker.enable", &json!({}));
        let begun = Instant::now();
        let mut given: Option<Instant> = None;
        loop {
            let come = self.evaluate_promise(expression) == Value::Bool(true);
            if come && given.is_some() {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "never: {expression}; of the worker: {:#?}", self.of_workers());
            if given.is_none_or(|last| last.elapsed() > Duration::from_secs(2))
                && let Some(id) = self.registration()
            {
                let message = json!({ "origin": origin, "registrationId": id, "data": data });
                self.call("ServiceWorker.deliverPushMessage", &message);
                given = Some(Instant::now());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the browser told of workers, the latest last.
    fn of_workers(&self) -> Vec<&Value> {
        let told = |event: &&Value| event["method"].as_str().is_some_and(|name| name.starts_with("ServiceWorker."));
        self.events.iter().filter(told).collect()
    }

    /// The registration of a worker that was told of last.
    fn registration(&self) -> Option<String> {
        let told = self.of_workers();
        let lists = told.iter().rev().filter_map(|event| event["params"]["registrations"].as_array());
        lists.flatten().find_map(|one| one["registrationId"].as_str().map(str::to_owned))
    }

    /// Waits until a promise comes to true.
    pub(crate) fn comes_promised(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.evaluate_promise(expression) != Value::Bool(true) {
            assert!(begun.elapsed() < PATIENCE, "never: {expression}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Chooses a file in a field.
    pub(crate) fn choose(&mut self, selector: &str, file: &Path) {
        self.events.clear();
        let document = self.call("DOM.getDocument", &json!({}));
        let found = json!({ "nodeId": document["root"]["nodeId"], "selector": selector });
        let node = self.call("DOM.querySelector", &found);
        let files = json!({ "nodeId": node["nodeId"], "files": [file.display().to_string()] });
        self.call("DOM.setFileInputFiles", &files);
    }

    /// Clicks on the middle of something.
    pub(crate) fn press(&mut self, selector: &str) {
        let quoted = json!(selector);
        let place = self.evaluate(&format!(
            "{{const e = document.querySelector({quoted}); e?.scrollIntoView({{block: 'center'}});\
             const r = e?.getBoundingClientRect(); r ? [r.x + r.width / 2, r.y + r.height / 2] : null}}"
        ));
        assert!(place.is_array(), "no {selector} on {}:\n{}", self.path(), self.text());
        self.events.clear();
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &click);
        }
    }

    /// Presses Tab and says what has the focus then: the words of the element, or its tag.
    pub(crate) fn tab(&mut self) -> String {
        for kind in ["keyDown", "keyUp"] {
            self.call(
                "Input.dispatchKeyEvent",
                &json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 }),
            );
        }
        let words = "{const e = document.activeElement; (e.innerText || e.id || e.tagName).trim()}";
        self.evaluate(words).as_str().unwrap_or_default().to_owned()
    }

    /// What the browser complained about since the last page was asked for: refused by policy, missing, broken.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // An answer to a later question comes after every event before it.
        self.evaluate("1");
        let logged = self.events.iter().filter(|event| event["method"] == "Log.entryAdded");
        logged
            .map(|event| format!("{}: {}", event["params"]["entry"]["text"], event["params"]["entry"]["url"]))
            .collect()
    }

    /// Roles and names as screen readers are told them.
    pub(crate) fn spoken(&mut self) -> Vec<(String, String)> {
        let tree = self.call("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        let seen = nodes.iter().filter(|node| node["ignored"] != Value::Bool(true));
        let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
        seen.map(|node| (text(&node["role"]), text(&node["name"]))).collect()
    }

    /// Writes what is to be seen into a PNG file.
    pub(crate) fn picture(&mut self, file: &Path) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let answer = self.call("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let bytes = STANDARD.decode(answer["data"].as_str().unwrap_or_default()).expect("base64");
        std::fs::write(file, bytes).expect("written");
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        let begun = Instant::now();
        loop {
            let message = self.receive(begun, method);
            if message["id"] == json!(self.next) {
                assert_eq!(message.get("error"), None, "{method}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn event(&mut self, method: &str) {
        let begun = Instant::now();
        while !self.events.iter().any(|event| event["method"] == method) {
            let message = self.receive(begun, method);
            self.events.push(message);
        }
    }

    fn receive(&mut self, begun: Instant, what: &str) -> Value {
        match self.from.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("{what}: nothing from the browser in {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("{what}: the browser is gone"),
        }
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        // The whole browser, not only its first process, ends when asked; what cannot be asked any more is killed.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10)
            && !matches!(self.from.recv_timeout(Duration::from_secs(1)), Err(RecvTimeoutError::Disconnected))
        {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Messages end with a zero byte.
fn messages(mut from: impl BufRead + Send + 'static) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        while from.read_until(0, &mut bytes).is_ok_and(|length| length > 0) {
            let message = bytes.strip_suffix(b"\0").and_then(|bytes| serde_json::from_slice(bytes).ok());
            if message.is_none_or(|message| sender.send(message).is_err()) {
                return;
            }
            bytes.clear();
        }
    });
    receiver
}
