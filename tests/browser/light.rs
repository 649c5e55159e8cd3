//! Slow lines: pictures as links with their size, by a setting or because the browser says so.

use crate::{inside::Inside, made, visitor::Visitor};

/// The addresses of pictures that a page loads by itself.
fn loaded(page: &str) -> Vec<&str> {
    page.split("<img ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect()
}

#[test]
fn pictures_are_links_with_their_size_for_whoever_saves_data() {
    let mut inside = Inside::open();
    let token = inside.ada.get("/compose").hidden("authenticity_token").to_owned();
    let picture = made::jpeg(1_200, 800, 90);
    let body = made::form(&[("authenticity_token", &token), ("do", "attach")], &[("file", &picture)]);
    let form = inside.ada.send_form("/compose", &made::form_type(), &body);
    let medium = form.hidden("media_ids[]").to_owned();
    let post = inside.write(&[
        ("status", "Look"),
        ("visibility", "public"),
        ("media_ids[]", &medium),
        ("media_attributes[0][id]", &medium),
        ("media_attributes[0][description]", "Stripes in the evening"),
    ]);
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let (whole, lean) = (guest.get(&post), guest.get_saving(&post));
    assert!(loaded(&whole.body).len() == 2 && loaded(&lean.body).is_empty(), "{}", lean.body);
    assert_ne!(whole.header("etag"), lean.header("etag"));
    for page in [&whole, &lean] {
        assert!(page.header("vary").split(", ").any(|name| name == "Save-Data"), "{page:?}");
    }
    assert!(lean.body.contains("Stripes in the evening"), "{}", lean.body);
    let path = lean.between("class=\"file\" href=\"", "\"").to_owned();
    let told: usize = lean.between("Load picture (", " KB)").parse().expect("a number");
    let length: usize = guest.get(&path).header("content-length").parse().expect("a number");
    assert_eq!(told, length.div_ceil(1_000), "{path}");
    for path in ["/", "/@ada", "/@ada/media"] {
        assert!(loaded(&guest.get_saving(path).body).is_empty(), "{path}");
    }

    assert!(!loaded(&inside.ada.get("/home").body).is_empty());
    let chosen = [("language", "en"), ("expand_media", "default"), ("light", "true"), ("keys", "true")];
    assert_eq!(inside.send("/settings/reading", "/settings/reading", &chosen).status, 303);
    for path in ["/home", "/@ada", "/notifications", "/explore", "/search?q=ada", post.as_str()] {
        let page = inside.ada.get(path);
        assert!(page.status == 200 && loaded(&page.body).is_empty(), "{path}: {:?}", loaded(&page.body));
    }
    inside.close();
}
