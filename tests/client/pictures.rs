//! Pictures made for tests, and forms that carry them.

use image::{
    ExtendedColorType, Frame, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};

/// What separates the parts of a form.
const BOUNDARY: &str = "dassie-test-boundary";

/// The content type of [`form`].
pub(crate) fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A multipart form: fields, and files with a name that says nothing about them.
pub(crate) fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    for (name, content) in files {
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"../../x.html\"\r\n\
                 Content-Type: text/html\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Stripes that no two numbers share.
fn stripes(width: u32, height: u32, number: u8) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if (x / 16 + y / 16) % 2 == 0 { Rgb([number, 120, 40]) } else { Rgb([230, 200, number]) }
    })
}

/// A JPEG.
pub(crate) fn jpeg(width: u32, height: u32, number: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&stripes(width, height, number)).expect("written");
    bytes
}

/// The same with EXIF that says to turn it by a quarter and where it was taken.
pub(crate) fn jpeg_with_place(width: u32, height: u32, number: u8) -> Vec<u8> {
    let jpeg = jpeg(width, height, number);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    exif.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(&[1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(b"GPS-PLACE-52.5200N");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

/// A PNG.
pub(crate) fn png(width: u32, height: u32, number: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = stripes(width, height, number);
    PngEncoder::new(&mut bytes).write_image(image.as_raw(), width, height, ExtendedColorType::Rgb8).expect("written");
    bytes
}

/// A GIF of so many frames.
pub(crate) fn gif(frames: u8, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for number in 0..frames {
        let frame = RgbaImage::from_pixel(width, height, Rgba([number.wrapping_mul(60), 0, 200, 255]));
        encoder.encode_frame(Frame::new(frame)).expect("written");
    }
    drop(encoder);
    bytes
}

/// A WebP.
pub(crate) fn webp(width: u32, height: u32, number: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = stripes(width, height, number);
    WebPEncoder::new_lossless(&mut bytes)
        .encode(image.as_raw(), width, height, ExtendedColorType::Rgb8)
        .expect("written");
    bytes
}

/// Width and height of a picture, whole as it must be.
pub(crate) fn size(bytes: &[u8]) -> (u32, u32) {
    let image = image::load_from_memory(bytes).expect("a picture");
    (image.width(), image.height())
}

/// Whether `bytes` hold `needle`.
pub(crate) fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
