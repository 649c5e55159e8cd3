## المدخل

naming-title = التشغيل الأول
naming-question = ما اسم هذا الخادم؟
naming-says = بهذا الاسم يُعثر على الناس هنا، ولا يمكن تغييره بعد أن تعرفه خوادم أخرى. تحتاج إلى نطاق، أو اسم تحته، يقود إلى هذا الجهاز أو إلى الموجّه لديك.
naming-name = اسم الخادم
naming-who-keeps = من يحتفظ بالشهادة التي لا يستطيع أحد الاتصال بدونها؟
naming-own = هذا الخادم بنفسه
naming-own-says = يحتاج إلى { $ports } لنفسه. ولا يلزم تثبيت شيء آخر.
naming-two-ports = المنفذين { $one } و{ $two }
naming-one-port = المنفذ { $one }
naming-proxy = وكيل أشغّله أمامه
naming-proxy-says = اجعله يمرّر كل شيء إلى { $address } مع ترويسة Host كما وردت.
naming-shorter = أسماء تحت نطاق أقصر
naming-shorter-label = ما يأتي بعد @ إن لم يكن الاسم نفسه
naming-shorter-says = يجب أن يوجّه الخادم هناك ثلاثة عناوين إلى هنا؛ والصفحة التالية تبيّنها.
naming-look = تحقّق مما إذا كان يعمل
naming-try = جرّبه أولًا على هذا الجهاز فقط
naming-try-says = عندها لا يصل إليه أحد غيرك. ويمكنك تسميته لاحقًا ما دام لم يُرسل شيء إلى خادم آخر.
naming-looking = يجري فحص { $name }
naming-looking-says = إلى أين يقود الاسم، وهل المنافذ متاحة، وهل يمكن الحصول على شهادة. يستغرق ذلك بضع ثوانٍ.
naming-not-yet = ليس بعد
naming-works = { $name } يعمل
naming-redirects = يجب أن يوجّه خادم النطاق الأقصر هذه العناوين إلى هنا:
naming-proxies = لخادمَي nginx وCaddy
naming-proxies-nginx = في nginx، داخل كتلة server للنطاق الأقصر:
naming-proxies-caddy = في Caddy، داخل كتلة الموقع للنطاق الأقصر:
naming-put-right = أصلح ذلك ثم تحقّق من جديد؛ لم يتغيّر شيء.
naming-take = اعتمد هذا الاسم
naming-again = تحقّق من جديد
naming-another = اسم آخر
naming-anew = يبدأ الخادم من جديد
naming-anew-says = صار له اسمه، وسيجيب به بعد لحظة. وتنتقل الصفحة إليه من تلقاء نفسها.
naming-go-on = متابعة
naming-fine = جيد:
naming-unclear = انتبه:
naming-wrong = خطأ:
first-welcome = مرحبًا
first-says = ليس لهذا الخادم مالك بعد. اختر اسمًا وكلمة مرور ليصبح لك.
first-do = اجعل هذا الخادم لي
entry-email-optional = عنوان البريد (اختياري)
entry-username = اسم المستخدم
entry-username-says = حروف لاتينية وأرقام وشرطات سفلية؛ ولا يمكن تغييره لاحقًا. ستكون { $handle }.
entry-password = كلمة المرور
entry-password-says = 8 أحرف على الأقل.
entry-login = اسم المستخدم أو عنوان البريد
entry-forgot = هل نسيت كلمة المرور؟
entry-sign-up = إنشاء حساب
entry-email = عنوان البريد
entry-birth = تاريخ الميلاد
entry-birth-says = يجب ألا يقل عمرك عن { $years } سنة. ولا يُحتفظ بالتاريخ.
entry-reason = لماذا تريد الانضمام؟
entry-reason-optional = لماذا تريد الانضمام؟ (اختياري)
entry-reason-says = يقرأه أحد القائمين على هذا الخادم ويقبلك.
entry-rules = القواعد
entry-agree = أوافق على أن أتصرف هنا تصرّف الضيف
entry-agree-rules = أوافق على هذه القواعد
entry-instead = تسجيل الدخول بدلًا من ذلك
entry-confirm = أكّد عنوانك
entry-confirm-says = هل { $address } لك؟
entry-confirm-do = نعم، أكّده
entry-stale = لم يعد هذا الرابط صالحًا
entry-stale-says = استُخدم من قبل، أو مضى عليه وقت طويل، أو أُرسل رابط أحدث.
entry-choose = اختر كلمة مرور جديدة
entry-letter = ستصلك رسالة فيها رابط على العنوان الذي سجّلت به.
entry-letter-do = أرسل لي رابطًا
entry-no-mail = هذا الخادم لا يرسل بريدًا. من دون ورقة الاسترداد، اطلب كلمة مرور جديدة ممن يديره.
entry-new-password = كلمة المرور الجديدة
entry-all-again = سيتعين تسجيل الدخول من جديد في كل متصفح وتطبيق، ولا تسري بعدها ورقة استرداد سابقة.
entry-set = تعيين كلمة المرور
entry-change = غيّر كلمة مرورك
entry-current = كلمة المرور الحالية
entry-others-again = سيتعين تسجيل الدخول من جديد في كل متصفح آخر وكل تطبيق، ولا تسري بعدها ورقة استرداد سابقة.
entry-change-do = تغيير كلمة المرور
entry-mail = تفقّد بريدك
entry-mail-says = رسالة فيها رابط في طريقها إليك. افتحه لتأكيد عنوانك.
entry-waiting = سيقبلك أحدهم
entry-waiting-says = يقرأ أحد القائمين على هذا الخادم ما كتبته. ويمكنك تسجيل الدخول بعد أن يقبلك.
entry-come-in = يمكنك الآن تسجيل الدخول هنا أو بأي تطبيق لماستودون.
entry-confirmed = تأكّد عنوانك
entry-reset-says = إن كان لأحد هنا هذا العنوان فرسالة فيها رابط في طريقها إليه. ويصلح الرابط ست ساعات.
entry-holds = كلمة مرورك الجديدة سارية
entry-front = الصفحة الأولى
entry-done = تم

## Invites
entry-uninvited = لم تعد هذه الدعوة صالحة
entry-uninvited-says = انتهت مدتها أو استُنفدت أو سُحبت. اطلب دعوة أخرى ممن أعطاك إياها.
entry-uninvited-open = التسجيل من دونها
entry-about = ما هذا الخادم
entry-invited = { $name } يدعوك إلى { $domain }.

## Ways in without mail
entry-email-changed = تغيّر عنوانك
entry-email-changed-says = ستصل الرسائل إليه من الآن.

## المواضيع والخوادم التي يُبتعد عنها
people-topics = ماذا تحب؟
people-topics-hint = تتابع هذه الوسوم، وما يُنشر تحتها يظهر في صفحتك الرئيسية. لا تصل منشورات الخوادم الأخرى إلا حين يتابع أحد هنا من يكتبها، أو عبر مرحّل: على خادم جديد يستغرق ذلك وقتًا.
people-topics-offered = تعارف تصوير فن موسيقى كتب أفلام علوم تاريخ طبيعة حدائق قطط طبخ دراجات ألعاب برمجيات_حرة تقنية
people-topics-more = وسوم أخرى
people-blocks = عن أي الخوادم تبتعد؟
people-blocks-says = لا تأتي مع هذا البرنامج قائمة: أحضر واحدة ممن تثق بهم. ترى الأعداد قبل حظر أي شيء.
people-blocks-none = لا شيء
people-blocks-none-hint = يمكنك حظر الخوادم لاحقًا، واحدًا واحدًا أو بقائمة.
people-blocks-light = خفيف
people-blocks-light-hint = ما تعلّقه القائمة فقط: لا يأتي منه شيء ولا يذهب إليه شيء.
people-blocks-careful = حذر
people-blocks-careful-hint = القائمة كلها كما تقول: بعضها يُعلّق، وبعضها لا يراه إلا من يتابع أحدًا هناك.
people-blocks-file = ملف
people-blocks-file-hint = جدول كما يكتبه Mastodon أو Oliphant أو Fediseer أو IFTAS، أو نطاق في كل سطر؛ حد الخوادم الأقصى { $count }.
people-blocks-server = أو خادم تؤخذ قائمته
people-blocks-server-hint = كثير من الخوادم تعلن ما تحظره.
blocks-reading-title = القائمة في الطريق
blocks-reading = يُسأل { $server } عن الخوادم التي يحظرها. يستغرق ذلك ثواني؛ لا يُحظر شيء قبل أن ترى الأعداد.
blocks-failed = لم تصل قائمة
blocks-nothing-done = لم يُحظر بها شيء.
blocks-another = أحضر قائمة أخرى
blocks-title = ما ستحظره القائمة
blocks-from = من { $source }.
blocks-how-much = كم منها؟
blocks-servers = { $count ->
    [zero] لا خوادم
    [one] خادم واحد
    [two] خادمان
    [few] { $count } خوادم
    [many] { $count } خادمًا
   *[other] { $count } خادم
}
blocks-suspended = معلّقة
blocks-silenced = محدودة
blocks-refused = بلا صور أو بلاغات
blocks-known = { $count ->
    [one] خادم واحد من القائمة محظور من قبل، ويبقى كما هو.
   *[other] خوادم القائمة المحظورة من قبل: { $count }، وتبقى كما هي.
}
blocks-unread = { $count ->
    [one] سطر واحد لا يُقرأ أو يخفي اسم الخادم؛ يُترك.
   *[other] الأسطر التي لا تُقرأ أو تخفي اسم الخادم: { $count }؛ تُترك.
}
blocks-waits = ما زال يُسأل عمن كنت تتابعهم بحسابك القديم، فلم يمكن النظر فيهم هنا.
blocks-affected-none = لا أحد ممن تتابعهم أو ستتابعهم على خادم منها.
blocks-affected = { $count ->
    [one] على خادم واحد منها أناس تتابعهم أو ستتابعهم
    [two] على خادمين منها أناس تتابعهم أو ستتابعهم
    [few] على { $count } خوادم منها أناس تتابعهم أو ستتابعهم
   *[other] على { $count } من خوادمها أناس تتابعهم أو ستتابعهم
}
blocks-affected-hint = علّم ما يُستثنى.
blocks-people = { $count ->
    [zero] لا أحد
    [one] شخص واحد
    [two] شخصان
    [few] { $count } أشخاص
    [many] { $count } شخصًا
   *[other] { $count } شخص
}
blocks-cut = عددها أكثر مما يمكن عرضه هنا.
blocks-undo = من تتابعه على خادم معلّق لا تتابعه بعد ذلك. يمكن رفع الحظر في أي وقت؛ ولا تعود المتابعات بذلك.
blocks-do = احظر هذه الخوادم
blocks-not = لا تحظر شيئًا
notice-blocks-come = تُحظر خوادم القائمة واحدًا بعد آخر.

## تطبيقات تطلب الدخول
authorize-title = السماح لتطبيق
authorize-in = أتسمح لـ { $name } بالدخول؟
authorize-asks = يطلب { $name } أن يتصرف نيابة عنك. دخلت باسم { $handle }.
authorize-may = يمكنه
authorize-do = اسمح
authorize-deny = ارفض
authorize-not-you = لست أنت؟
authorize-code-title = رمز السماح
authorize-copy = انسخ هذا الرمز
authorize-copy-says = ألصقه في التطبيق. يصلح عشر دقائق ومرة واحدة.
authorize-denied-title = لم يُسمح
authorize-denied = لم يُسمح بشيء
authorize-denied-says = لم يحصل التطبيق على دخول. يمكنك إغلاق هذه الصفحة.
scope-profile = معرفة من أنت: اسمك وصورتك
scope-read = قراءة كل ما تستطيع قراءته، والخاص أيضًا
scope-write = النشر والتعديل والحذف والتفاعل باسمك، وتغيير ملفك
scope-follow = متابعة الناس وكتمهم وحظرهم نيابة عنك
scope-push = إرسال إشعاراتك إلى هذا الجهاز
scope-read-accounts = رؤية الملفات، وملفك أيضًا
scope-read-blocks = رؤية من تحظرهم
scope-read-bookmarks = رؤية علاماتك المرجعية
scope-read-collections = رؤية مجموعاتك
scope-read-favourites = رؤية مفضلاتك
scope-read-filters = رؤية مرشحاتك
scope-read-follows = رؤية من تتابعهم
scope-read-lists = رؤية قوائمك
scope-read-mutes = رؤية من تكتمهم
scope-read-notifications = رؤية إشعاراتك
scope-read-search = البحث نيابة عنك
scope-read-statuses = قراءة كل المنشورات التي تستطيع قراءتها، والخاصة أيضًا
scope-write-accounts = تغيير ملفك
scope-write-blocks = حظر الناس والخوادم ورفع الحظر عنهم
scope-write-bookmarks = إضافة العلامات المرجعية وإزالتها
scope-write-collections = تغيير مجموعاتك
scope-write-conversations = كتم المحادثات وحذفها
scope-write-favourites = تفضيل المنشورات باسمك
scope-write-filters = تغيير مرشحاتك
scope-write-follows = متابعة الناس وترك متابعتهم نيابة عنك
scope-write-lists = تغيير قوائمك
scope-write-media = رفع الصور والتسجيلات
scope-write-mutes = كتم الناس والمحادثات
scope-write-notifications = إفراغ إشعاراتك
scope-write-reports = الإبلاغ عن الناس باسمك
scope-write-statuses = النشر والتعديل والحذف باسمك
scope-admin-read = رؤية كل ما تراه الإدارة
scope-admin-write = التصرف بصفة الإدارة
scope-admin-accounts = إدارة الحسابات مع عناوين بريدها وشبكاتها
scope-admin-reports = إدارة البلاغات
scope-admin-allows = إدارة قائمة الخوادم المسموح بها
scope-admin-blocks = إدارة قائمة الخوادم المحظورة
scope-admin-networks = إدارة عناوين الشبكة المحظورة
scope-admin-addresses = إدارة عناوين البريد المحظورة
scope-admin-providers = إدارة مزودي البريد المحظورين
scope-unknown = فعل شيء ليس لدى هذا الخادم كلمات له

## ما وُجد عن اسم
finding-name = يقود { $a } إلى { $b }.
finding-name-inside = يقود { $a } إلى { $b }، ولا يصل إليه أحد من خارج بيتك.
finding-name-nowhere = لا يقود { $a } إلى شيء بعد ({ $b }): حيث حصلت على الاسم اضبط سجل A (و AAAA إن كان لديك IPv6) على عنوان هذا الجهاز أو الموجّه لديك.
finding-name-silent = لم يُجب أحد خلال خمس ثوان إلى أين يقود { $a }.
finding-port = المنفذ { $a } متاح.
finding-listen = لا يمكن الاستماع على { $a }: { $b }.
finding-reached = يجيب هذا الخادم على { $a }.
finding-reached-other = يجيب خادم آخر على { $a } (الحالة { $b }): اجعل الوسيط يمرر كل شيء إلى هذا الخادم مع ترويسة Host كما جاءت.
finding-reached-not = لا يمكن الوصول إلى { $a } من هنا ({ $b }). كثير من الموجّهات لا تعيد إلى البيت ما يأتي من داخله: جرّب { $c } بهاتف ليس في شبكتك.
finding-authority = لا يمكن الوصول إلى سلطة الشهادات: { $a }.
finding-authority-time = لا تقول سلطة الشهادات كم الساعة.
finding-clock-off = ساعة هذا الجهاز منحرفة بمقدار { $a } ثانية: اجعل الشبكة تضبطها (NTP).
finding-clock = الساعة صحيحة.
finding-certificate = الشهادة هنا.

## What works here, a name later, an owner with a passkey

naming-here = ما يصلح هنا:
naming-here-own = لا برنامج آخر يشغل { $ports }، فيمكن لهذا الخادم أن يحفظ الشهادة بنفسه؛ على نطاقك أن يقود إلى هذا الجهاز.
naming-here-inside = لا برنامج آخر يشغل { $ports }، فيمكن لهذا الخادم أن يحفظ الشهادة بنفسه؛ على الموجّه أن يمرره إلى هذا الجهاز { $inside }، وعلى نطاقك أن يقود إلى الموجّه.
naming-here-not-allowed = المنفذ { $port } متاح، لكن لا يحق لهذا البرنامج أخذه: امنحه هذا الحق كما في docs/OPERATING.md ثم أعد تحميل هذه الصفحة، أو دع وكيلًا يحفظ الشهادة.
naming-here-held = المنفذ { $port } بيد برنامج آخر، وهو على الأرجح خادم ويب: دعه يحفظ الشهادة ويمرر كل ما يخص اسمك إلى { $address } مع ترويسة Host كما وصلت.
naming-here-proxied = مرّر وكيل هذه الصفحة إليك، فيمكنه أن يحفظ الشهادة: اجعله يمرر كل ما يخص اسمك إلى { $address } مع ترويسة Host كما وصلت.
naming-later-says = بعد أخذ الاسم يبقى. تنتقل المنشورات والأشخاص معه، ويسجل الجميع الدخول من جديد تحته.
naming-no-password = كنت تدخل حتى الآن بمفتاح مرور فقط. اختر أولًا كلمة مرور بالرمز الذي على ورقة الاسترداد، ثم عد إلى هنا.
naming-later-passkeys =
    { $count ->
        [zero] لا مفاتيح مرور لديك.
        [one] صُنع مفتاح مرورك للاسم الحالي ولن يعمل تحت الجديد: تدخل بكلمة مرورك.
        [two] صُنع مفتاحا مرورك للاسم الحالي ولن يعملا تحت الجديد: تدخل بكلمة مرورك.
        [few] صُنعت مفاتيح مرورك { $count } للاسم الحالي ولن تعمل تحت الجديد: تدخل بكلمة مرورك.
        [many] صُنع { $count } مفتاح مرور للاسم الحالي ولن تعمل تحت الجديد: تدخل بكلمة مرورك.
       *[other] صُنع { $count } مفتاح مرور للاسم الحالي ولن تعمل تحت الجديد: تدخل بكلمة مرورك.
    }
naming-settled = اسم هذا الخادم { $name }. وهذا باقٍ: حُدد اسمه عند تشغيله، أو سمعت به خوادم أخرى.
first-passkey = اجعل هذا الخادم لي، بمفتاح مرور بدل كلمة المرور
first-passkey-says = تدخل عندئذ بهذا الجهاز أو المفتاح ولا كلمة مرور لك. دوّن الرمز أعلاه: به تعود للدخول وتختار كلمة مرور تطلبها الأفعال المهمة.
