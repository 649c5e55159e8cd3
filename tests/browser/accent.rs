//! The accent colour that an administrator chooses, on real pages in every dress.

use crate::{inside::Inside, walk::dressed};
use dassie::instance::settings::{self, Setting};
use storage::accent::{self, Accent};

#[test]
fn the_colour_that_was_chosen_comes_as_a_style_sheet_that_may_be_kept() {
    let mut inside = Inside::open();
    assert!(!inside.ada.get("/home").body.contains("/assets/accent-"));
    inside.change(|tx| {
        accent::put(tx, Some(Accent { rgb: 0xff_ff00 }));
        settings::set(tx, Setting::named("registrations").expect("a setting"), "open").map(drop)
    });
    let page = inside.ada.get("/home");
    assert!(page.body.contains("href=\"/assets/accent-ffff00.css\""), "{}", page.body);
    let mut guest = crate::visitor::Visitor::new(inside.running.as_ref().expect("it runs").address);
    for path in ["/auth/sign_in", "/auth/sign_up", "/auth/password/new", "/@nobody"] {
        let page = guest.get(path);
        assert!(page.body.contains("href=\"/assets/accent-ffff00.css\""), "{path}: {}", page.body);
    }
    let style = inside.ada.get("/assets/accent-ffff00.css");
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable") && style.body.contains("--accent: #"), "{style:?}");
    let known = inside.ada.get_knowing("/assets/accent-ffff00.css", style.header("etag"));
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    for odd in ["/assets/accent-FFFF00.css", "/assets/accent-red.css", "/assets/accent-.css"] {
        assert_eq!(inside.ada.get(odd).status, 404, "{odd}");
    }
    inside.close();
}

/// Whatever is chosen, the audit of pages finds contrast enough, in every dress.
#[test]
fn garish_colours_can_be_read_in_every_dress() {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = crate::driven::Driven::start(chromium.program());
    browser.scripts(false);
    let mut inside = Inside::open();
    let post = inside.write(&[("status", "Warm stones #evening https://rock.example/"), ("visibility", "public")]);
    for (name, rgb) in [("yellow", 0xff_ff00), ("navy", 0x00_0040), ("pink", 0xff_69b4), ("grey", 0x80_8080)] {
        inside.change(move |tx| {
            accent::put(tx, Some(Accent { rgb }));
            Ok(())
        });
        let origin = inside.running.as_ref().expect("it runs").server.origin().clone();
        dressed(&mut browser, &format!("accent-{name}"), &origin.url(&post));
    }
    inside.close();
}
