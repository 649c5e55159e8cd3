//! Pictures of every kind, made here, and what people send to break the reader.

use super::*;
use image::{
    ExtendedColorType, Frame, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, webp::WebPEncoder},
};

/// Red above, blue below; so wide and high.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| if y < height / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) })
}

fn jpeg_of(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(image).expect("written");
    bytes
}

fn png_of(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut bytes)).expect("written");
    bytes
}

fn gif_of(frames: u32, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for number in 0..frames {
        let shade = (number % 250) as u8;
        let frame = RgbaImage::from_pixel(width, height, Rgba([shade, 0, 200, 255]));
        encoder.encode_frame(Frame::new(frame)).expect("written");
    }
    drop(encoder);
    bytes
}

fn webp_of(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes)
        .encode(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        .expect("written");
    bytes
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = [&name[..], &(content.len() as u32).to_le_bytes(), content].concat();
    if content.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// The drawing chunk of a still WebP.
fn drawing(webp: &[u8]) -> Vec<u8> {
    webp[12..].to_vec()
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let inside = chunks.concat();
    [b"RIFF", &(inside.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &inside].concat()
}

/// A WebP with two frames, EXIF and XMP.
fn moving_webp(width: u32, height: u32) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let canvas = [vec![0x02 | 0x04 | 0x08, 0, 0, 0], side(width), side(height)].concat();
    let frame = |image: RgbImage| {
        let head = [vec![0; 6], side(width), side(height), vec![40, 0, 0, 0]].concat();
        chunk(b"ANMF", &[head, drawing(&webp_of(&image))].concat())
    };
    riff(&[
        chunk(b"VP8X", &canvas),
        chunk(b"ANIM", &[0; 6]),
        frame(flag(width, height)),
        frame(RgbImage::from_pixel(width, height, Rgb([0, 200, 0]))),
        chunk(b"EXIF", &exif(1)),
        chunk(b"XMP ", b"secret place"),
    ])
}

/// EXIF with an orientation and a place (little-endian TIFF; EXIF 2.32 §4.6).
fn exif(orientation: u8) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0\x02\0".to_vec();
    out.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    out.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    out.extend_from_slice(&[0, 0, 0, 0]);
    out.extend_from_slice(&[1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    out.extend_from_slice(b"GPS-PLACE-52.5200N");
    out
}

/// The JPEG with EXIF behind its first marker, and bytes behind its end.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let content = [b"Exif\0\0", &exif(orientation)[..]].concat();
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &content, &jpeg[2..], b"<script>alert(1)</script>"].concat()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn opened(made: &Made) -> RgbImage {
    let image = image::load_from_memory_with_format(&made.bytes, format(made.kind)).expect("a picture");
    assert_eq!(image.dimensions(), (made.width, made.height));
    image.to_rgb8()
}

fn is_red(pixel: &Rgb<u8>) -> bool {
    pixel.0[0] > 200 && pixel.0[2] < 80
}

fn refusal(bytes: &[u8]) -> String {
    match process(bytes) {
        Err(Error::Invalid { why, .. }) => why,
        Err(error) => panic!("{error}"),
        Ok(made) => panic!("was made: {}x{}", made.original.width, made.original.height),
    }
}

#[test]
fn every_kind_is_made_into_an_original_and_a_preview() {
    let image = flag(1_280, 720);
    for (bytes, kind) in [
        (jpeg_of(&image), FileKind::Jpeg),
        (png_of(&image), FileKind::Png),
        (webp_of(&image), FileKind::Webp),
        (gif_of(1, 1_280, 720), FileKind::Gif),
    ] {
        let made = process(&bytes).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!((made.original.kind, made.original.width, made.original.height), (kind, 1_280, 720));
        assert_eq!((made.small.width, made.small.height), (640, 360), "{kind:?}");
        assert_eq!(FileKind::of(&made.original.bytes), Some(kind));
        assert!(!made.animated && made.blurhash.len() == 28, "{kind:?}: {}", made.blurhash);
        opened(&made.original);
        opened(&made.small);
    }
}

#[test]
fn orientation_is_applied_and_the_place_is_gone() {
    // Orientation 6: what is right becomes what is below, so the red upper half comes to lie on the right.
    let sent = with_exif(&jpeg_of(&flag(64, 32)), 6);
    assert!(holds(&sent, b"GPS-PLACE") && holds(&sent, b"<script>"));
    let made = process(&sent).expect("made");
    for made in [&made.original, &made.small] {
        assert_eq!((made.width, made.height), (32, 64));
        for trace in [&b"GPS-PLACE"[..], b"Exif", b"<script>"] {
            assert!(!holds(&made.bytes, trace), "{}", String::from_utf8_lossy(trace));
        }
        let image = opened(made);
        assert!(is_red(image.get_pixel(28, 32)) && !is_red(image.get_pixel(3, 32)));
    }
}

#[test]
fn upright_jpeg_loses_what_is_said_of_it_as_well() {
    let made = process(&with_exif(&jpeg_of(&flag(64, 32)), 1)).expect("made");
    assert!(!holds(&made.original.bytes, b"GPS-PLACE") && !holds(&made.original.bytes, b"<script>"));
    assert!(is_red(opened(&made.original).get_pixel(32, 4)));
}

#[test]
fn turned_webp_is_written_anew_without_its_place() {
    let image = flag(40, 20);
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let canvas = [vec![0x08, 0, 0, 0], side(40), side(20)].concat();
    let sent = riff(&[chunk(b"VP8X", &canvas), drawing(&webp_of(&image)), chunk(b"EXIF", &exif(6))]);
    let made = process(&sent).expect("made");
    assert_eq!((made.original.width, made.original.height), (20, 40));
    assert!(!holds(&made.original.bytes, b"GPS-PLACE"));
    assert!(is_red(opened(&made.original).get_pixel(17, 20)));
}

#[test]
fn moving_gif_keeps_moving_and_loses_its_comments() {
    let mut sent = gif_of(3, 50, 40);
    let end = sent.len() - 1;
    sent.splice(end..end, b"\x21\xfe\x0dsecret place!\0".iter().copied());
    sent.extend_from_slice(b"behind the end");
    let made = process(&sent).expect("made");
    assert!(made.animated && made.original.kind == FileKind::Gif);
    assert!(!holds(&made.original.bytes, b"secret") && !holds(&made.original.bytes, b"behind"));
    assert_ne!(made.small.kind, FileKind::Gif, "the preview stands still");
    let decoder = image::codecs::gif::GifDecoder::new(Cursor::new(&made.original.bytes)).expect("a GIF");
    assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 3);
}

#[test]
fn moving_webp_keeps_moving_and_loses_its_place() {
    let sent = moving_webp(50, 40);
    assert!(holds(&sent, b"GPS-PLACE"));
    let made = process(&sent).expect("made");
    assert!(made.animated && made.original.kind == FileKind::Webp);
    assert!(!holds(&made.original.bytes, b"GPS-PLACE") && !holds(&made.original.bytes, b"secret place"));
    let decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(&made.original.bytes)).expect("a WebP");
    assert!(decoder.has_animation());
    assert_eq!(image::AnimationDecoder::into_frames(decoder).filter(Result::is_ok).count(), 2);
    assert!(is_red(opened(&made.small).get_pixel(25, 3)));
}

#[test]
fn what_shows_through_stays_clear() {
    let mut image = RgbaImage::from_pixel(900, 700, Rgba([9, 9, 9, 255]));
    image.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    for x in 0..450 {
        for y in 0..700 {
            image.put_pixel(x, y, Rgba([0, 0, 0, 0]));
        }
    }
    let mut sent = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut sent)).expect("written");
    let made = process(&sent).expect("made");
    assert_eq!((made.original.kind, made.small.kind), (FileKind::Png, FileKind::Png));
    let small = image::load_from_memory(&made.small.bytes).expect("a picture").to_rgba8();
    assert_eq!((small.get_pixel(5, 5).0[3], small.get_pixel(small.width() - 5, 5).0[3]), (0, 255));
}

#[test]
fn large_pictures_are_kept_smaller() {
    let made = process(&jpeg_of(&flag(4_000, 3_000))).expect("made");
    let pixels = u64::from(made.original.width) * u64::from(made.original.height);
    assert!(pixels <= limits::PICTURE_KEPT_PIXELS + 4_000, "{pixels}");
    assert!(pixels > limits::PICTURE_KEPT_PIXELS - 10_000, "{pixels}");
}

#[test]
fn colours_stay_as_they_were_meant() {
    let mut sent = Vec::new();
    let mut encoder = PngEncoder::new(&mut sent);
    encoder.set_icc_profile(b"a profile of colours".to_vec()).expect("taken");
    flag(8, 8).write_with_encoder(encoder).expect("written");
    let made = process(&sent).expect("made");
    let mut decoder = image::codecs::png::PngDecoder::new(Cursor::new(&made.original.bytes)).expect("a PNG");
    assert_eq!(decoder.icc_profile().expect("read").as_deref(), Some(&b"a profile of colours"[..]));
}

/// A PNG whose header states `width` and `height`, with next to no pixels.
fn png_stating(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png_of(&flag(2, 2));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// CRC-32 as PNG uses it (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

#[test]
fn too_many_pixels_are_refused_by_the_header_alone() {
    assert!(refusal(&png_stating(50_000, 50_000)).contains("50000x50000 pixels; at most 33177600"));
    assert!(refusal(&png_stating(7_681, 4_320)).contains("at most"), "one column past the bound");
    // At the bound the header is fine, and what is missing behind it is noticed.
    assert!(refusal(&png_stating(7_680, 4_320)).contains("cannot be read"));
    let mut gif = gif_of(1, 2, 2);
    gif[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(refusal(&gif).contains("65535x65535"));
    assert!(matches!(reduced(&png_stating(50_000, 50_000), 100), Err(Error::Invalid { .. })));
    assert!(matches!(checked(&png_stating(50_000, 50_000)), Err(Error::Invalid { .. })));
    assert!(matches!(profile(&png_stating(50_000, 50_000), (4, 4)), Err(Error::Invalid { .. })));
}

#[test]
fn too_many_frames_are_refused() {
    let most = limits::ANIMATION_FRAMES_MAX as u32;
    assert!(process(&gif_of(most, 2, 2)).is_ok());
    assert!(refusal(&gif_of(most + 1, 2, 2)).contains("1501 frames of 2x2 pixels; at most 1500 frames"));
    let mut huge = gif_of(1_000, 2, 2);
    huge[6..10].copy_from_slice(&[0xe8, 0x03, 0xe8, 0x03]);
    assert!(refusal(&huge).contains("1000 frames of 1000x1000 pixels"));
}

#[test]
fn what_is_no_picture_is_refused_with_the_list_of_what_is() {
    for sent in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..],
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"{\"@context\":\"https://www.w3.org/ns/activitystreams\"}",
        b"\0\0\0\x18ftypmp42",
        b"%PDF-1.7",
        b"",
    ] {
        let why = refusal(sent);
        assert!(why.contains("accepted: image/jpeg, image/png, image/gif, image/webp"), "{why}");
    }
}

#[test]
fn pictures_that_end_early_or_lie_are_refused_at_every_length() {
    for whole in
        [jpeg_of(&flag(40, 30)), png_of(&flag(40, 30)), gif_of(2, 40, 30), webp_of(&flag(40, 30)), moving_webp(40, 30)]
    {
        // A JPEG without its last lines may still be shown, a PNG without its empty last chunk too.
        let spared = match FileKind::of(&whole) {
            Some(FileKind::Jpeg) => whole.len() / 2,
            Some(FileKind::Png) => 16,
            _ => 0,
        };
        for length in 0..whole.len() {
            let outcome = process(&whole[..length]);
            assert!(outcome.is_err() || length + spared >= whole.len(), "{length} of {}", whole.len());
        }
        for at in (0..whole.len()).step_by(7) {
            let mut rotten = whole.clone();
            rotten[at] ^= 0xff;
            let _ = process(&rotten);
        }
    }
    assert!(process(b"\xff\xd8\xff<html>").is_err());
    assert!(process(b"GIF89a<script>alert(1)</script>").is_err());
}

#[test]
fn profile_pictures_are_cut_to_their_shape_and_never_enlarged() {
    for (width, height, size, expected) in [
        (1_000, 500, limits::AVATAR_SIZE, (400, 400)),
        (100, 50, limits::AVATAR_SIZE, (50, 50)),
        (3_000, 3_000, limits::HEADER_SIZE, (1_500, 500)),
        (300, 300, limits::HEADER_SIZE, (300, 100)),
        (1, 1, limits::HEADER_SIZE, (1, 1)),
    ] {
        let (made, still) = profile(&png_of(&flag(width, height)), size).expect("made");
        assert_eq!((made.width, made.height), expected, "{width}x{height}");
        assert!(still.is_none());
        opened(&made);
    }
}

#[test]
fn moving_profile_pictures_have_a_still_one() {
    let (made, still) = profile(&gif_of(3, 50, 40), limits::AVATAR_SIZE).expect("made");
    let still = still.expect("a still one");
    assert_eq!((made.kind, still.width, still.height), (FileKind::Gif, 40, 40));
    assert_ne!(still.kind, FileKind::Gif);
}

#[test]
fn emoji_stand_still_as_small_png_or_move_as_they_were_sent() {
    for (width, height, expected) in [(40, 30, (40, 30)), (1_000, 1_000, (200, 200)), (1, 1, (1, 1))] {
        for sent in [png_of(&flag(width, height)), jpeg_of(&flag(width, height)), webp_of(&flag(width, height))] {
            let (made, still) = emoji(&sent).expect("made");
            assert_eq!((made.kind, made.width, made.height), (FileKind::Png, expected.0, expected.1));
            assert!(still.is_none() && made.bytes.len() <= limits::EMOJI_BYTES_MAX);
            opened(&made);
        }
    }
    let (made, still) = emoji(&moving_webp(50, 40)).expect("made");
    let still = still.expect("a still one");
    assert_eq!((made.kind, still.kind, still.width, still.height), (FileKind::Webp, FileKind::Png, 50, 40));
    assert!(!holds(&made.bytes, b"GPS-PLACE"));
    let most = limits::EMOJI_MOVING_SIDE_MAX;
    assert!(emoji(&gif_of(2, most, 2)).is_ok());
    for (width, height) in [(most + 1, 2), (2, most + 1)] {
        match emoji(&gif_of(2, width, height)) {
            Err(Error::Invalid { why, .. }) => assert!(why.contains("at most 512 on each side"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(emoji(&gif_of(1, most + 1, 2)).is_ok(), "one that stands still is made smaller");
    // The worst there is fits: every pixel another.
    let mut dice = 1_u32;
    let noise = RgbImage::from_fn(200, 200, |_, _| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(dice >> 24) as u8, (dice >> 16) as u8, (dice >> 8) as u8])
    });
    assert!(emoji(&png_of(&noise)).expect("made").0.bytes.len() <= limits::EMOJI_BYTES_MAX);
    assert!(emoji(b"<svg/>").is_err());
}

#[test]
fn copies_of_remote_pictures_are_checked_and_made_small() {
    let sent = moving_webp(1_000, 1_000);
    let whole = checked(&sent).expect("a picture");
    assert!(!holds(&whole, b"GPS-PLACE") && FileKind::of(&whole) == Some(FileKind::Webp));
    let small = reduced(&sent, limits::PREVIEW_PIXELS).expect("a picture");
    assert_eq!((small.width, small.height), (480, 480));
    assert!(checked(b"<svg/>").is_err() && reduced(b"<svg/>", 10).is_err());
}
