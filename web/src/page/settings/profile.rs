//! What one says of oneself, as one typed it.

use super::{page, save};
use crate::{
    entity::Profile,
    layout::Site,
    page::field::{Line, by_enter, line, tick},
};
use maud::{Markup, html};

/// How much each field takes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Characters of the name.
    pub name: usize,
    /// Characters of the bio.
    pub note: usize,
    /// Fields of the table.
    pub fields: usize,
    /// Characters of a field's name.
    pub field_name: usize,
    /// Characters of a field's value.
    pub field_value: usize,
    /// Characters of a picture's description.
    pub description: usize,
}

/// The page.
#[must_use]
pub fn profile(site: &Site<'_>, profile: &Profile, bounds: Bounds, problem: Option<&str>) -> String {
    let body = html! {
        form class="sheet" method="post" action="/settings/profile" enctype="multipart/form-data" {
            (site.form_fields())
            (by_enter("save", &site.t("save")))
            (line(site, Line {
                name: "display_name", label: "profile-name", value: &profile.display_name, most: Some(bounds.name),
                ..Line::default()
            }))
            p {
                label for="note" { (site.t("profile-bio")) }
                textarea id="note" name="note" rows="5" dir="auto" maxlength=(bounds.note) aria-describedby="note-note" { (profile.note) }
                span class="note" id="note-note" { (site.t("profile-bio-hint")) }
            }
            (fields(site, profile, bounds))
            (picture(site, "avatar", "profile-avatar", profile.avatar_static.as_deref(), &profile.avatar_description, bounds))
            (picture(site, "header", "profile-header", profile.header_static.as_deref(), &profile.header_description, bounds))
            fieldset {
                legend { (site.t("profile-who-sees")) }
                (tick(site, "locked", "profile-is-locked", Some("profile-is-locked-hint"), profile.locked))
                (tick(site, "discoverable", "profile-is-discoverable", Some("profile-is-discoverable-hint"), profile.discoverable == Some(true)))
                (tick(site, "indexable", "profile-is-indexable", Some("profile-is-indexable-hint"), profile.indexable))
                (tick(site, "hide_collections", "profile-hides", None, profile.hide_collections == Some(true)))
                (tick(site, "show_media", "profile-shows-media", None, profile.show_media))
                (tick(site, "show_media_replies", "profile-shows-replies", None, profile.show_media_replies))
                (tick(site, "show_featured", "profile-shows-featured", None, profile.show_featured))
                (tick(site, "bot", "profile-is-bot", Some("profile-is-bot-hint"), profile.bot))
            }
            p {
                label for="attribution_domains" { (site.t("profile-domains")) }
                textarea id="attribution_domains" name="attribution_domains" rows="2" dir="ltr" autocapitalize="none"
                    spellcheck="false" aria-describedby="domains-note" { (profile.attribution_domains.join("\n")) }
                span class="note" id="domains-note" { (site.t("profile-domains-hint")) }
            }
            (save(site))
        }
    };
    page(site, "settings-profile", problem, &body)
}

/// The table of the profile: every field it may have, the empty ones behind.
fn fields(site: &Site<'_>, profile: &Profile, bounds: Bounds) -> Markup {
    html! {
        fieldset class="pairs" {
            legend { (site.t("profile-fields")) }
            span class="note" { (site.t("profile-fields-hint")) }
            @for at in 0..bounds.fields {
                @let field = profile.fields.get(at);
                div class="pair" {
                    p {
                        label for={ "field-name-" (at) } { (site.t_count("profile-field-name", at as u64 + 1)) }
                        input id={ "field-name-" (at) } name={ "fields_attributes[" (at) "][name]" } dir="auto"
                            maxlength=(bounds.field_name) value=(field.map_or("", |field| &field.name));
                    }
                    p {
                        label for={ "field-value-" (at) } { (site.t_count("profile-field-value", at as u64 + 1)) }
                        input id={ "field-value-" (at) } name={ "fields_attributes[" (at) "][value]" } dir="auto"
                            maxlength=(bounds.field_value) value=(field.map_or("", |field| &field.value));
                    }
                }
            }
        }
    }
}

fn picture(
    site: &Site<'_>,
    name: &str,
    label: &'static str,
    shown: Option<&str>,
    description: &str,
    bounds: Bounds,
) -> Markup {
    let path = shown.and_then(|url| site.path(url));
    html! {
        fieldset class="picture" {
            legend { (site.words.say(label)) }
            @if let Some(path) = path { img src=(path) alt=(description) loading="lazy"; }
            p {
                label for=(name) { (site.t(if shown.is_some() { "profile-another-picture" } else { "profile-picture" })) }
                input id=(name) name=(name) type="file" accept="image/*";
            }
            p {
                label for={ (name) "-description" } { (site.t("compose-description")) }
                input id={ (name) "-description" } name={ (name) "_description" } dir="auto" value=(description)
                    maxlength=(bounds.description);
            }
            @if shown.is_some() {
                p { button class="second" type="submit" name="do" value={ "remove-" (name) } { (site.t("compose-remove-picture")) } }
            }
        }
    }
}
