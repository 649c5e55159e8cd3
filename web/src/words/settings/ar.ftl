
## Settings

settings-back = ‹ الإعدادات
settings-you = أنت
settings-profile = الملف الشخصي
settings-profile-hint = الاسم والنبذة والصور ومن يجدك ويتابعك
settings-posting = النشر
settings-posting-hint = الجمهور واللغة ومن يرد ويقتبس، ما لم تقل غير ذلك
settings-reading = المظهر والقراءة
settings-reading-hint = لغة الصفحات والتحذيرات والصور
settings-tags = الوسوم
settings-tags-hint = ما تتابعه منها وما على ملفك
settings-quiet = الهدوء
settings-filters = المرشّحات
settings-filters-hint = كلمات تفضّل ألا تقرأها
settings-blocks = أشخاص محظورون
settings-blocks-hint = لا يرونك ولا يصلون إليك
settings-mutes = أشخاص مكتومون
settings-mutes-hint = لا تراهم، ولا يعلمون بذلك
settings-domains = خوادم محظورة
settings-domains-hint = لا يصلك منها شيء
settings-security = الأمان
settings-access = المتصفحات والتطبيقات
settings-access-hint = أين سجّلت الدخول، وما سمحت له
settings-password = كلمة المرور
settings-password-hint = اختر غيرها؛ ويُسجَّل خروج كل ما عداها
settings-data = بياناتك
settings-transfer = الاستيراد والتصدير
settings-transfer-hint = أحضر أو خذ معك المتابَعين والمحظورين والمكتومين والمحفوظات والقوائم
settings-moving-here-hint = سمِّ الحساب الذي تأتي منه
settings-moving-away-hint = خذ متابعيك إلى حساب آخر
settings-delete = حذف حسابك
settings-delete-hint = بكل ما فيه، نهائيًا
settings-email = تُرسَل الرسائل إلى { $address }.
settings-your-password = كلمة مرورك

## Settings: profile

profile-name = الاسم
profile-bio = عنك
profile-bio-hint = تعمل هنا الروابط والإشارات والوسوم.
profile-fields = حقول إضافية
profile-fields-hint = موقعك، ضمائرك، ما تشاء. الصفحة التي تعود بالرابط إلى هنا مع rel="me" تظهر على أنها متحقَّق منها.
profile-field-name = اسم الحقل { $count }
profile-field-value = محتوى الحقل { $count }
profile-avatar = الصورة
profile-header = الصورة العريضة
profile-picture = اختر صورة
profile-another-picture = اختر صورة أخرى
profile-who-sees = من يرى ماذا
profile-is-locked = أنظر في طلبات المتابعة أولًا
profile-is-locked-hint = وإلا تابعك من شاء على الفور.
profile-is-discoverable = يجوز اقتراحي على الآخرين
profile-is-discoverable-hint = في الدليل والاقتراحات وما هو رائج.
profile-is-indexable = يجوز إيجاد منشوراتي العامة بالبحث
profile-is-indexable-hint = وإلا لا يجدها إلا من كان له شأن بها.
profile-hides = أخفِ من أتابع ومن يتابعني
profile-shows-media = في ملفي تبويب للصور
profile-shows-replies = وفيه الردود أيضًا
profile-shows-featured = في ملفي تبويب لما أوصي به
profile-is-bot = هذا الحساب برنامج
profile-is-bot-hint = ينشر غالبًا من تلقاء نفسه.
profile-domains = مواقع يجوز لها أن تذكرك كاتبًا
profile-domains-hint = واحد في كل سطر. هذه وحدها تعرض اسمك بجانب ما تنشره.

## Settings: posting and reading

posting-language = اللغة التي تكتب بها
posting-repliers-hint = للمنشورات العامة والهادئة. من تذكره يستطيع الرد دائمًا.
posting-repliers-other = كما ضبطه تطبيق
posting-likes = لتُظهر الخوادم التي بلا تفاعلات تفاعلاتي كإعجاب
posting-likes-hint = ماستودون وغيره لا يعرفون التفاعل بالرموز التعبيرية ويتجاهلونه. إذا أُرسل هكذا عُدّ هناك إعجابًا أيًّا كان معنى الرمز، وأظهرته الخوادم التي تعرف التفاعلات كما هو.
reading-language = لغة الصفحات
reading-media = الصور
reading-media-default = اعرضها إلا ما وُسم بأنه حساس
reading-media-all = اعرضها كلها
reading-media-none = أخفها كلها حتى أفتحها
media-folded =
    { $count ->
        [zero] لا مرفقات
        [one] مرفق واحد
        [two] مرفقان
        [few] { $count } مرفقات
        [many] { $count } مرفقًا
       *[other] { $count } مرفق
    }
reading-spoilers = افتح المنشورات ذات التحذير فورًا
reading-apps-hint = تلتزم التطبيقات بهذا أيضًا إن سألت عنه.

## Settings: browsers and apps

access-browsers = متصفحات مسجَّلة الدخول
access-applications = تطبيقات سمحت لها
access-none = لا تطبيق له حق الوصول.
access-unnamed = متصفح لا يذكر اسمه
access-unknown = تطبيق لم يعد معروفًا
access-since = سُجّل الدخول { $time }
access-own = هذا نفسه
access-given = سُمح له { $time }
access-may = ما يجوز له
access-end = اسحب حق الوصول
access-end-others = سجّل الخروج من كل المتصفحات الأخرى
notice-signed-out = سُجّل الخروج هناك.
notice-access-ended = لم يعد له حق الوصول.

## Two-factor authentication

settings-second-factor = المصادقة بخطوتين
settings-second-factor-hint = رمز من هاتفك إلى جانب كلمة المرور
second-factor-says = يتطلب الدخول حينها كلمة مرورك ورمزًا يولّده برنامج على هاتفك. من يعرف كلمة مرورك وحدها لا يدخل.
second-factor-program = ١. برنامجك
second-factor-scan = دع برنامجًا يولّد مثل هذه الرموز (Aegis أو 2FAS أو مدير كلمات مرور) يقرأ هذا المربع.
second-factor-square = رمز مربع فيه السر، لتقرأه الكاميرا
second-factor-secret = أو اكتب هذا السر:
second-factor-open = افتحه في برنامج على هذا الجهاز
second-factor-codes = ٢. رموز احتياطية
second-factor-codes-say = كل رمز من هذه الرموز يدخلك مرة واحدة إذا ضاع هاتفك. اطبع هذه الصفحة أو دوّنها: لن تظهر إلا هنا.
second-factor-confirm = ٣. التأكيد
second-factor-code = الرمز الذي يعرضه برنامجك الآن
second-factor-ends = على كل متصفح آخر وكل تطبيق أن يدخل من جديد.
second-factor-turn-on = تفعيل
second-factor-since = فُعّلت { $time }.
second-factor-codes-left =
    { $count ->
        [0] لم يبق أي رمز احتياطي.
        [zero] لم يبق أي رمز احتياطي.
        [one] بقي رمز احتياطي واحد.
        [two] بقي رمزان احتياطيان.
        [few] بقيت { $count } رموز احتياطية.
        [many] بقي { $count } رمزًا احتياطيًا.
       *[other] بقي { $count } رمز احتياطي.
    }
second-factor-new-codes = رموز احتياطية جديدة
second-factor-codes-replace = عندما تتابع تصبح هذه الرموز سارية ولا يسري ما قبلها.
second-factor-codes-kept = هي عندي: لتسرِ هذه
second-factor-off = الاستغناء عنها
second-factor-turn-off = إيقاف
second-step = خطوة أخرى
second-step-code = الرمز
second-step-note = الأرقام الستة التي يعرضها برنامجك، أو أحد رموزك الاحتياطية.
second-step-wrong = هذا الرمز خاطئ أو قديم أو سبق استعماله.
second-step-again = الدخول بحساب آخر
notice-second-factor-on = المصادقة بخطوتين مفعّلة.
notice-second-factor-off = المصادقة بخطوتين متوقفة.
notice-second-factor-codes = الرموز الاحتياطية الجديدة سارية الآن.

## Recovery sheet

settings-recovery = ورقة الاسترداد
settings-recovery-hint = رمز على الورق إن نسيت كلمة مرورك
recovery-sheet = ورقة الاسترداد الخاصة بك
recovery-says = إن نسيت كلمة مرورك فبهذا الرمز تختار غيرها من دون أي بريد. اطبع هذه الصفحة أو دوّن الرمز واحفظه حيث لا يجده غيرك: لن يظهر إلا هنا. يسري مرة واحدة، ولا يسري بعد أن تُغيَّر كلمة المرور بطريقة أخرى.
recovery-account = الحساب
recovery-where = أين يُكتب الرمز
recovery-made = لديك ورقة أُنشئت { $time }. في الأسفل ورقة جديدة تحل محلها عندما تقول إنها عندك.
recovery-none = ليست عندك ورقة استرداد. في الأسفل ورقة جديدة تسري عندما تقول إنها عندك.
recovery-print = اطبع هذه الصفحة الآن أو انسخ الرمز بيدك.
recovery-keep = هي عندي: لتسرِ
recovery-use = اختيار كلمة مرور بورقة الاسترداد
recovery-login = اسم المستخدم أو عنوان البريد الإلكتروني
recovery-code = الرمز الذي على ورقة الاسترداد
recovery-password = كلمة المرور الجديدة
recovery-password-note = ٨ أحرف على الأقل. على كل متصفح وتطبيق أن يدخل من جديد، وتُستهلك الورقة.
recovery-set = تعيين كلمة المرور
recovery-wrong = هذا الاسم وهذا الرمز لا يتوافقان، أو سبق استعمال الرمز.
notice-recovery = ورقة الاسترداد الجديدة سارية الآن.

## Settings: e-mail address

settings-email-change = عنوان البريد الإلكتروني
settings-email-change-hint = إلى أين تذهب الرسائل
email-none = ليس لك عنوان بريد إلكتروني هنا.
email-wanted = رسالة في طريقها إلى { $address }؛ افتح الرابط الذي فيها.
email-new = العنوان الجديد
email-note = تذهب إليه رسالة فيها رابط. لا يتغير شيء حتى يُفتح.
email-note-at-once = هذا الخادم لا يرسل رسائل، فيتغير العنوان فورًا.
email-change = تغيير العنوان
email-confirm-says = تذهب الرسائل من الآن إلى { $address }.
email-confirm = تأكيد
notice-email-asked = انظر في بريدك: رسالة فيها رابط في الطريق.
notice-email-changed = تغيّر العنوان.
access-used = آخر استعمال { $time }

## Passkeys

settings-passkeys = مفاتيح المرور
settings-passkeys-hint = الدخول بإصبع أو وجه أو مفتاح
passkeys-say = بمفتاح المرور تدخل بما يفتح جهازك أو مفتاح الأمان. لا يستطيع أحد تخمينه ولا طلبه منك في صفحة تشبه هذه الصفحة فقط. وتبقى كلمة مرورك صالحة.
passkeys-none = ليس لديك مفاتيح مرور بعد.
passkeys-need-script = لإضافة مفتاح مرور تحتاج هذه الصفحة إلى البرامج النصية وإلى متصفح يعرف مفاتيح المرور.
passkey-new = مفتاح مرور جديد
passkey-name = ماذا تسميه
passkey-name-note = هاتفك مثلًا. لا يراه غيرك.
passkey-unnamed = مفتاح مرور بلا اسم
passkey-added = أضيف { $time }
passkey-add = إضافة مفتاح مرور
passkey-remove = إزالة
passkey-enter = الدخول بمفتاح مرور
passkey-failed = لم ينجح ذلك. يمكنك المحاولة مرة أخرى.
passkey-wrong = مفتاح المرور هذا غير معروف هنا، أو استغرق الأمر وقتًا طويلًا.
notice-passkey-added = يمكنك من الآن الدخول بمفتاح المرور هذا.
notice-passkey-removed = لم يعد مفتاح المرور يُدخل أحدًا.

## Settings: blocks, mutes, servers

people-handle = المعرّف
blocks-says = المحظورون لا يستطيعون متابعتك ولا رؤية ما تنشر ولا الوصول إليك. تنتهي المتابعة في الاتجاهين.
blocks-none = لا تحظر أحدًا.
blocks-tell = أخبر الخادم الآخر عندما أحظر شخصًا
blocks-tell-hint = وإلا فلا يعلم إلا أن المتابعة انتهت. الخادم الذي يعلم يستطيع إخفاء منشوراتك عمّن تحظره، وبعضها يخبره بأنك حظرته.
mutes-says = ما ينشره المكتومون لا يصلك. ولا يخبرهم أحد.
mutes-none = لا تكتم أحدًا.
mutes-lasts = إلى متى
mutes-for-ever = حتى أغيّره
mutes-notifications = أخفِ الإشعارات أيضًا
mutes-ends = حتى { $time }
lasts-30-days = 30 يومًا
domains-says = لا يصلك شيء من الخوادم المحظورة، ويُزال متابعوك منها.
domains-name = اسم الخادم
domains-block = احظر
domains-none = لا تحظر أي خادم.
people-nobody = لا أحد اسمه { $name }.
people-silent = لا يقول { $host } من هذا؛ ربما لاحقًا.

## Settings: filters

filters-says = المنشورات التي فيها هذه الكلمات تُغطّى أو تُترك. أما منشوراتك فلا.
filters-none = لا مرشّحات بعد.
filter-new = مرشّح جديد
filter-one = مرشّح
filter-title = اسم المرشّح
filter-words = الكلمات
filter-words-hint = لا فرق بين الحروف الكبيرة والصغيرة. أفرغ سطرًا لتزيل كلمته؛ واحفظ لتحصل على أسطر أخرى.
filter-word = كلمة أو عبارة { $count }
filter-word-how = أين تُحسب الكلمة { $count }
filter-whole = كلمات كاملة
filter-anywhere = داخل الكلمات أيضًا
filter-where = أين يعمل
filter-home = الرئيسية والقوائم
filter-public = الخطوط العامة
filter-thread = المحادثات
filter-account = الملفات الشخصية
filter-what = ماذا يحدث
filter-warn = غطِّه، ويظهر اسم المرشّح
filter-hide = اتركه
filter-blur = غطِّ صوره
filter-lasts = إلى متى
filter-keeps = كما هو
filter-until = حتى { $time }
filter-try = جرّبه
filter-finds =
    { $count ->
        [zero] لا منشورات في رئيسيتك يُجرَّب عليها (وجد { $found } من { $count }).
        [one] كان سيجد { $found } من آخر منشور ({ $count }) في رئيسيتك.
        [two] كان سيجد { $found } من آخر منشورين ({ $count }) في رئيسيتك.
        [few] كان سيجد { $found } من آخر { $count } منشورات في رئيسيتك.
        [many] كان سيجد { $found } من آخر { $count } منشورًا في رئيسيتك.
       *[other] كان سيجد { $found } من آخر { $count } منشور في رئيسيتك.
    }
notice-filter-removed = ذهب المرشّح.

## Settings: hashtags

tags-followed = وسوم تتابعها
tags-followed-hint = تظهر منشوراتها في رئيسيتك.
tags-featured = وسوم على ملفك
tags-featured-hint = يجد الزوار منشوراتك بها بنظرة واحدة.
tags-name = وسم
tags-follow = تابع
tags-feature = ضعه على ملفي
tags-unfeature = أزله
tags-suggested = أكثر ما تستعمل:
tags-none = لا شيء بعد.

## Settings: import and export

transfer-following = من تتابعهم
transfer-out = خذ معك
transfer-out-hint = جداول (CSV) يقرؤها ماستودون ومعظم الخوادم الأخرى.
transfer-take = نزّل
transfer-in = أحضر
transfer-what = ما في الملف
transfer-file = الملف
transfer-file-hint =
    { $count ->
        [zero] جدول (CSV) كما يكتبه ماستودون، بلا صفوف ({ $count }).
        [one] جدول (CSV) كما يكتبه ماستودون، صف واحد ({ $count }) على الأكثر.
        [two] جدول (CSV) كما يكتبه ماستودون، صفان ({ $count }) على الأكثر.
        [few] جدول (CSV) كما يكتبه ماستودون، { $count } صفوف على الأكثر.
        [many] جدول (CSV) كما يكتبه ماستودون، { $count } صفًا على الأكثر.
       *[other] جدول (CSV) كما يكتبه ماستودون، { $count } صف على الأكثر.
    }
transfer-mode = ما يصير إليه الموجود
transfer-merge = يبقى، ويُضاف الملف
transfer-overwrite = يُزال ما ليس في الملف
transfer-bring = أحضره
transfer-lately = ما أُحضر مؤخرًا
transfer-look = انظر
transfer-under-way = جارٍ
transfer-over = انتهى
transfer-progress = إلى أين وصل
transfer-done =
    { $count ->
        [zero] { $done } من { $count } صف
        [one] { $done } من صف واحد ({ $count })
        [two] { $done } من صفين ({ $count })
        [few] { $done } من { $count } صفوف
        [many] { $done } من { $count } صفًا
       *[other] { $done } من { $count } صف
    }
transfer-taken =
    { $count ->
        [zero] لم يؤخذ أي صف.
        [one] أُخذ صف واحد.
        [two] أُخذ صفان.
        [few] أُخذت { $count } صفوف.
        [many] أُخذ { $count } صفًا.
       *[other] أُخذ { $count } صف.
    }
transfer-refused =
    { $count ->
        [zero] لم يُرفض أي صف.
        [one] رُفض صف واحد.
        [two] رُفض صفان.
        [few] رُفضت { $count } صفوف.
        [many] رُفض { $count } صفًا.
       *[other] رُفض { $count } صف.
    }
transfer-removed =
    { $count ->
        [zero] لم يُزل شيء.
        [one] أُزيل واحد لم يكن في الملف.
        [two] أُزيل اثنان لم يكونا في الملف.
        [few] أُزيلت { $count } لم تكن في الملف.
        [many] أُزيل { $count } لم تكن في الملف.
       *[other] أُزيل { $count } لم تكن في الملف.
    }
transfer-goes-on = يستمر من تلقاء نفسه وإن غادرت هذه الصفحة. تُسأل الخوادم الأخرى واحدًا بعد آخر، وذلك يستغرق وقتًا.
transfer-again = انظر مرة أخرى
transfer-refused-rows = صفوف مرفوضة
transfer-no-file = اختر ملفًا أولًا.
refused-unreadable = ليس هذا اسمًا ولا عنوانًا.
refused-unknown = لا أحد ولا شيء بهذا الاسم.
refused-silent = لم يجب الخادم الآخر. يمكنك إحضار الملف لاحقًا مرة أخرى.
refused-not-allowed = لا يجوز ذلك: حظر أو حد أو حساب انتقل.
notice-import-begun = يُقرأ الملف الآن.

## Settings: deleting the account

leave-owner = هذا الخادم لك. اجعل غيرك مالكًا له قبل أن تتركه.
leave-says = قبل أن تمضي اقرأ هذا:
leave-posts = يُحذف هنا ملفك ومنشوراتك وصورك وقوائمك ومتابعاتك ومحفوظاتك.
leave-everywhere = يُطلب من كل خادم يعرفك أن يحذفها أيضًا؛ وهل يفعل فذلك شأنه.
leave-name = لن يُعطى الاسم { $name } لأحد مرة أخرى، ولا لك.
leave-for-good = لا رجوع في هذا.
leave-before = ربما تريد أولًا:
leave-do = احذف حسابي نهائيًا
leave-wrong-password = ليست هذه كلمة مرورك.

## الإعدادات: الانتقال

moving-here = الانتقال إلى هنا من حساب آخر
moving-here-title = الانتقال إلى هنا
moving-here-says = اذكر الحساب الذي تريد مغادرته، ثم ابدأ الانتقال من هناك: سيُطلب من متابعيه متابعة هذا الحساب.
moving-remove = إزالة
moving-left = الحساب الذي تغادره
moving-name = اذكره
moving-away = الانتقال من هنا
moving-away-title = الانتقال من هنا إلى حساب آخر
moving-to = الانتقال إلى حساب آخر
moving-moved = لقد انتقلت إلى { $name }. لم يعد بإمكان هذا الحساب النشر أو إعادة النشر أو المتابعة؛ وتبقى منشوراته.
moving-back-says = إذا تراجعت عن الانتقال عاد هذا الحساب إلى العمل. أما من غادر من المتابعين فلا يعود من تلقاء نفسه.
moving-back = التراجع عن الانتقال
moving-read = قبل المتابعة، اقرأ هذا:
moving-followers = متابعوك ({ $count }) سيتابعون الحساب الجديد بدلًا منه. لا يمكن التراجع عن ذلك.
moving-stops = لن يستطيع هذا الحساب النشر أو إعادة النشر أو التفضيل أو التصويت أو المتابعة؛ وستشير صفحته إلى الحساب الجديد.
moving-posts = منشوراتك تبقى هنا ولا تنتقل.
moving-alias = يجب أن يكون الحساب الجديد قد ذكر هذا الحساب كاسم بديل له من قبل.
moving-new = الحساب الجديد
moving-password = كلمة مرورك هنا
moving-do = نقل متابعيّ
moving-wait =
    لقد انتقلت مؤخرًا. يمكنك الانتقال من جديد بعد { $count ->
        [zero] { $count } يوم
        [one] يوم واحد
        [two] يومين
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }.
moving-again =
    لا يمكنك الانتقال من جديد قبل { $count ->
        [zero] { $count } يوم
        [one] يوم واحد
        [two] يومين
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }.

## Settings: invites

settings-others = أشخاص آخرون
settings-invites = الدعوات
settings-invites-hint = أدخل شخصًا تعرفه
invites-says = من يفتح رابط الدعوة يمكنه التسجيل هنا، حتى عندما لا يُسمح لغيره أو يجب على الآخرين الانتظار. أنت مسؤول عمّن تدعوه.
invites-may-not = لا يمكنك إنشاء دعوات على هذا الخادم.
invites-uses = كم شخصًا يمكنه القدوم
invites-people =
    { $count ->
        [zero] لا أحد
        [one] شخص واحد
        [two] شخصان
        [few] { $count } أشخاص
        [many] { $count } شخصًا
       *[other] { $count } شخص
    }
invites-any-number = بأي عدد
invites-lasts = مدة صلاحيتها
invites-for-ever = حتى أسحبها
lasts-30-minutes = 30 دقيقة
invites-autofollow = من يأتي يتابعني
invites-comment = الغرض منها
invites-comment-hint = لا يقرأ هذا سواك.
invites-make = أنشئ دعوة
invites-came =
    { $count ->
        [zero] لم يأت أحد
        [one] جاء شخص واحد
        [two] جاء شخصان
        [few] جاء { $count } أشخاص
        [many] جاء { $count } شخصًا
       *[other] جاء { $count } شخص
    }
invites-came-of =
    { $count ->
        [zero] لم يأت أحد من { $most }
        [one] جاء { $count } من { $most }
        [two] جاء { $count } من { $most }
        [few] جاء { $count } من { $most }
        [many] جاء { $count } من { $most }
       *[other] جاء { $count } من { $most }
    }
invites-until = حتى { $time }
invites-over = لم تعد صالحة
invites-autofollows = سيتابعونك
invites-revoke = اسحب
notice-invite-made = أُنشئت الدعوة: شارك رابطها.
notice-invite-revoked = لن يأتي أحد بها بعد الآن.

## Settings: automatic deletion

settings-cleanup = الحذف التلقائي
settings-cleanup-hint = منشوراتك القديمة تُحذف من تلقاء نفسها
cleanup-says = تُحذف منشوراتك الأقدم مما تحدده هنا وعلى كل خادم لديه نسخة منها، بضعة منشورات في الدقيقة، الأقدم أولًا. لا يمكن التراجع عن ذلك.
cleanup-enabled = احذف منشوراتي القديمة
cleanup-enabled-hint = يبدأ ذلك بمجرد الحفظ.
cleanup-age = أقدم من
cleanup-1-week = أسبوع
cleanup-2-weeks = أسبوعين
cleanup-1-month = شهر
cleanup-2-months = شهرين
cleanup-3-months = 3 أشهر
cleanup-6-months = 6 أشهر
cleanup-1-year = سنة
cleanup-2-years = سنتين
cleanup-stays = ما يبقى
cleanup-keep-direct = المنشورات الموجهة إلى أفراد
cleanup-keep-pinned = المنشورات المثبتة
cleanup-keep-polls = استطلاعات الرأي
cleanup-keep-media = المنشورات التي فيها صور
cleanup-keep-favourited = المنشورات التي فضّلتها بنفسي
cleanup-keep-bookmarked = المنشورات التي حفظتها بنفسي
cleanup-min-favourites = المنشورات التي لها هذا العدد من التفضيلات على الأقل
cleanup-min-reblogs = المنشورات التي أُعيد نشرها هذا العدد من المرات على الأقل
cleanup-no-matter = لا يهم
cleanup-count = العد فقط
cleanup-would =
    { $count ->
        [zero] لن يُحذف أي منشور الآن.
        [one] سيُحذف منشور واحد الآن.
        [two] سيُحذف منشوران الآن.
        [few] ستُحذف { $count } منشورات الآن.
        [many] سيُحذف { $count } منشورًا الآن.
       *[other] سيُحذف { $count } منشور الآن.
    }
cleanup-would-more =
    { $count ->
        [zero] لن يُحذف أي منشور الآن.
        [one] سيُحذف منشور واحد على الأقل الآن.
        [two] سيُحذف منشوران على الأقل الآن.
        [few] ستُحذف { $count } منشورات على الأقل الآن.
        [many] سيُحذف { $count } منشورًا على الأقل الآن.
       *[other] سيُحذف { $count } منشور على الأقل الآن.
    }
cleanup-gone =
    { $count ->
        [zero] لم يُحذف أي منشور من تلقاء نفسه حتى الآن.
        [one] حُذف منشور واحد من تلقاء نفسه حتى الآن.
        [two] حُذف منشوران من تلقاء نفسيهما حتى الآن.
        [few] حُذفت { $count } منشورات من تلقاء نفسها حتى الآن.
        [many] حُذف { $count } منشورًا من تلقاء نفسه حتى الآن.
       *[other] حُذف { $count } منشور من تلقاء نفسه حتى الآن.
    }
cleanup-under-way = والمزيد يُحذف الآن.
cleanup-passed = رُوجع كل شيء { $time }.
cleanup-take-along = قد تود أن تأخذ معك شيئًا قبل ذلك:

## Decisions about an account, and appeals

settings-strikes = القرارات بشأن حسابك
settings-strikes-hint = ما قرره القائمون على هذا الخادم وكيف تعترض
settings-staff = العناية بهذا الخادم
settings-appeals = الاعتراضات
told-warning = قرر القائمون على هذا الخادم شيئًا بشأن حسابك
told-warning-read = ماذا ولماذا
strikes-kept-out = لا يمكنك استخدام حسابك حاليًا. يمكنك هنا أن تقرأ السبب وأن تعترض.
strikes-none = لم يقرر أحد شيئًا بشأن حسابك.
strikes-back = ‹ كل القرارات
strike-title = قرار بشأن حسابك
strike-none = تم تحذيرك
strike-disable = لا يمكنك تسجيل الدخول
strike-sensitive = صورك مخفية في البداية
strike-silence = لا يصادفك سوى متابعيك
strike-suspend = حسابك معلّق
strike-holds = يسري حتى يُسحب.
strike-over = لم يعد ساريًا.
strike-only-said = لا يترتب عليه شيء آخر.
strike-overruled = سُحب بعد اعتراض.
strike-overruled-at = سُحب بعد اعتراض { $time }.
strike-rules = القواعد المعنية
strike-posts = المنشورات المعنية
strike-post-gone = حُذف منذ ذلك الحين
appeal-yours = اعتراضك
appeal-title = اعترض
appeal-says = إن كنت ترى أن هذا خطأ فقل لماذا: مرة واحدة، حتى { $time }. يقرؤه أحد القائمين على هذا الخادم ويقرر، وسنخبرك.
appeal-text = لماذا هو خطأ
appeal-send = أرسل الاعتراض
appeal-too-late = انتهت مدة الاعتراض على هذا.
appeal-pending = الاعتراض ينتظر قرارًا.
appeal-approved = قُبل الاعتراض.
appeal-rejected = رُفض الاعتراض.
appeal-grant = قبول: سحب القرار
appeal-refuse = رفض: يبقى القرار
appeals-says = هنا يقول الناس لماذا كان قرار بشأنهم خطأ. قبول الاعتراض يسحب القرار.
appeals-none = لا يوجد اعتراض ينتظر.
appeals-waiting =
    { $count ->
        [zero] لا شيء ينتظر
        [one] اعتراض واحد ينتظر قرارًا
        [two] اعتراضان ينتظران قرارًا
        [few] { $count } اعتراضات تنتظر قرارًا
        [many] { $count } اعتراضًا ينتظر قرارًا
       *[other] { $count } اعتراض ينتظر قرارًا
    }
notice-appeal-granted = قُبل: سُحب القرار.
notice-appeal-refused = رُفض: يبقى القرار.

## Settings: notifications

settings-notifications = الإشعارات
settings-notifications-hint = ما يصل منها وما يُنحّى جانبًا
notify-says = ما نُحّي جانبًا ينتظر حتى تسمح لمرسله، وما أُسقط يختفي.
notify-accept = دعها تصل
notify-filter = نحّها جانبًا
notify-drop = أسقطها
notify-not-following = من أشخاص لا تتابعهم
notify-not-following-hint = حتى تسمح لهم
notify-not-followers = من أشخاص لا يتابعونك
notify-not-followers-hint = وكذلك ممن يتابعونك منذ أقل من ثلاثة أيام
notify-new-accounts = من حسابات جديدة
notify-new-accounts-hint = أُنشئت خلال آخر 30 يومًا
notify-private = إشارات خاصة غير متوقعة
notify-private-hint = إلا إذا كانت ردًا عليك أو كنت تتابع كاتبها
notify-limited = من حسابات قيّدها المشرفون
notify-limited-hint = هنا، من القائمين على هذا الخادم
notify-bots = من برامج
notify-bots-hint = حسابات تقول ذلك عن نفسها
notify-waiting =
    { $count ->
        [zero] لا أحد ينتظر
        [one] شخص واحد ينتظر
        [two] شخصان ينتظران
        [few] { $count } أشخاص ينتظرون
        [many] { $count } شخصًا ينتظر
       *[other] { $count } شخص ينتظر
    }
notify-mail = الرسائل
notify-mail-says = تُرسل الرسائل إلى { $address }: لتأكيده، ولكلمة مرور جديدة، وعندما يُقرَّر شيء بشأن حسابك. ما يحدث يوميًا لا يُرسل بالبريد.
notify-no-mail = لا يرسل هذا الخادم إليك رسائل.

## The first run: people

people-title = أشخاص
people-step-says = أسئلة أخرى قليلة. يمكن تأجيلها كلها.
people-follow = من تعرف؟
people-old-account = حساب كان لديك من قبل
people-old-account-hint = من يتابعه علنًا ستتابعه هنا أيضًا.
people-file = أو جدول بمن كنت تتابعهم
people-try-out = هذه تجربة بلا اسم خاص: لا يمكنها الوصول إلى خوادم أخرى. أحضر الأشخاص عندما يصبح لها اسم.
people-who-comes = من يمكنه القدوم إلى هنا؟
people-closed = لا أحد
people-closed-hint = لا أحد يسجّل ولا أحد ينشئ دعوات.
people-invite = من لديه دعوة
people-invite-hint = التسجيل مغلق إلا لمن لديه دعوة.
people-approve = من تسمح له
people-approve-hint = يمكن للجميع أن يطلبوا، والدعوات تفتح الباب فورًا.
people-open = الجميع
people-open-hint = بقواعد خاصة بك ووقت للعناية بالمكان.
people-go-on = متابعة
people-later = لاحقًا
transfer-from-account = من حساب آخر
transfer-ask = اقرأ من يتابعه
transfer-asking = يُسأل خادم { $name } عمّن يتابعه. انظر مجددًا بعد قليل.
transfer-asked = { $name }: يُحضر من يتابعه.
transfer-asked-in-vain = { $name }: { $why }
transfer-cut = قد يكون هناك أكثر مما أمكنت قراءته: أحضر الجدول من هناك لما تبقى.
notice-people-come = يجري البحث عنهم، وستتابعهم واحدًا تلو الآخر.

## Naming later, data, reports, colours, marks

notice-filters-brought = المرشحات موجودة.
transfer-tags = الوسوم التي تتابعها
settings-stored = ما يُحفظ عنك
settings-stored-hint = كم يوجد من كل شيء، وأرشيف له
data-stored = ما هو موجود
data-see = عرض
data-posts = منشورات
data-following = أشخاص تتابعهم
data-followers = أشخاص يتابعونك
data-drafts = مسودات
data-scheduled = منشورات لوقت لاحق
data-notes = ملاحظات عن أشخاص
data-sessions = متصفحات سُجّل منها الدخول
data-applications = تطبيقات لها حق الوصول
data-imports = ملفات جلبتها
data-pictures = صور
data-pictures-says =
    { $count ->
        [zero] { $pictures }، { $size }، ولا منشورات
        [one] { $pictures }، { $size }، في آخر منشور لك
        [two] { $pictures }، { $size }، في آخر منشورين لك
        [few] { $pictures }، { $size }، في آخر { $count } منشورات لك
        [many] { $pictures }، { $size }، في آخر { $count } منشورًا لك
       *[other] { $pictures }، { $size }، في آخر { $count } منشور لك
    }
data-kilobytes =
    { $count ->
        [zero] { $count } ك.ب
        [one] { $count } ك.ب
        [two] { $count } ك.ب
        [few] { $count } ك.ب
        [many] { $count } ك.ب
       *[other] { $count } ك.ب
    }
data-megabytes =
    { $count ->
        [zero] { $count } م.ب
        [one] { $count } م.ب
        [two] { $count } م.ب
        [few] { $count } م.ب
        [many] { $count } م.ب
       *[other] { $count } م.ب
    }
data-about = العناوين
data-no-email = لا عنوان بريد محفوظ.
data-address = أُنشئ حسابك من عنوان الشبكة { $address }. يبقى ما بقي الحساب، ويراه من يرعون الخادم.
data-no-address = لا يُحفظ عنوان الشبكة الذي أُنشئ منه حسابك.
data-no-other-address = لا يُحفظ أي عنوان شبكة آخر لك: لا مع جلساتك ولا في السجل. تُعدّ العناوين في الذاكرة ضد سيول الطلبات وتُنسى عند توقف الخادم.
archive-title = أرشيف تأخذه معك
archive-says =
    { $count ->
        [zero] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع.
        [one] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع وأخذه خلال يوم.
        [two] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع وأخذه خلال يومين.
        [few] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع وأخذه خلال { $count } أيام.
        [many] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع وأخذه خلال { $count } يومًا.
       *[other] كل ما كتبته وأعجبك وحفظته مع صورك في ملف واحد على هيئة أرشيفات ماستدون. يمكنك طلبه مرة في الأسبوع وأخذه خلال { $count } يوم.
    }
archive-ask = اطلب أرشيفًا
archive-asked = طُلب { $time }
archive-writing = يُكتب الآن. يمكنك إغلاق هذه الصفحة.
archive-progress = مدى تقدمه
archive-take = خذ الأرشيف
archive-until = يمكن أخذه حتى { $time }.
archive-gone = لم يعد موجودًا؛ يمكنك طلب آخر.
archive-failed = تعذرت كتابته أو أزيل لتوفير المساحة. اطلبه لاحقًا.
archive-too-large = كان سيكون أكبر مما يجوز للأرشيف هنا. يستطيع مدير الخادم المساعدة.
notice-archive-begun = الأرشيف يُكتب الآن.
settings-reports = بلاغاتك
settings-reports-hint = ما آل إليه ما أبلغت عنه
reports-say = يقرأ من يرعون هذا الخادم كل بلاغ. أما ما تقرر بحق أحدهم تحديدًا فيبقى بينهم.
reports-none = لم تبلغ عن أحد.
reports-among =
    { $count ->
        [zero] لا بلاغات في هذا الخادم.
        [one] بُحث في آخر بلاغ لهذا الخادم.
        [two] بُحث في آخر بلاغين لهذا الخادم.
        [few] بُحث في آخر { $count } بلاغات لهذا الخادم.
        [many] بُحث في آخر { $count } بلاغًا لهذا الخادم.
       *[other] بُحث في آخر { $count } بلاغ لهذا الخادم.
    }
reports-gone = شخص لم يعد هنا
reports-posts =
    { $count ->
        [zero] لا منشورات
        [one] منشور واحد
        [two] منشوران
        [few] { $count } منشورات
        [many] { $count } منشورًا
       *[other] { $count } منشور
    }
reports-forwarded = أُبلغ خادمهم أيضًا
reports-open = ينتظر النظر فيه.
reports-closed = نُظر فيه وأُغلق.
reports-acted = نُظر فيه واتُّخذ إجراء.
reports-since = نُظر فيه، ومنذ ذلك الحين اتُّخذ إجراء بشأن هذا الحساب.
report-rules-without = حددت قواعد لكنك اخترت شيئًا آخر. اختر أنه يخالف قواعد هذا الخادم، أو ألغِ تحديدها.
reading-theme = الألوان
theme-system = كما يقول النظام
theme-light = فاتح
theme-dark = داكن
theme-contrast = تباين عالٍ
push-test = أرسل تجربة
notice-push-test = التجربة في طريقها إلى هذا المتصفح.
document-versions = كل الإصدارات
marks-edit = حدد عدة منشورات
marks-title = { $list }: تحديد عدة منشورات
marks-which = أيها؟
marks-remove = أزل هذه من القائمة
notice-marks-removed = أُزيلت من القائمة.

## Emoji of this server's own

settings-emoji = الرموز التعبيرية
settings-emoji-hint = صور صغيرة يكتبها الناس هنا بأسمائها
emoji-says = يكتب الناس هنا الرمز باسمه بين نقطتين رأسيتين ويتفاعلون به. وتعرض الخوادم الأخرى صورته أيضًا.
emoji-add-title = أضف رمزًا
emoji-picture = صورة
emoji-picture-hint = PNG أو GIF أو WebP أو JPEG، { $size } كيبيبايت على الأكثر. الصورة الكبيرة تُصغَّر.
emoji-name = الاسم
emoji-name-hint = حروف من a إلى z وأرقام وشرطات سفلية، اثنان على الأقل. يبقى كما هو.
emoji-category = العنوان
emoji-category-hint = تعرض قوائم الاختيار الرموز تحته؛ يمكن أن يبقى فارغًا.
emoji-add = أضف
emoji-bring-title = أحضر رمزًا من خادم آخر
emoji-bring-says = رمز موجود في ملف شخصي أو منشور معروف هنا. انتبه لمن تعود الصورة.
emoji-domain = الخادم
emoji-bring = أحضره إلى هنا
emoji-on-post = الرموز في هذا المنشور
emoji-on-post-none = ليس في هذا المنشور رمز من خادم آخر.
emoji-taken = يوجد هنا رمز بهذا الاسم.
emoji-count =
    { $count ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    }
emoji-none = لا يوجد أي رمز بعد.
emoji-first = من البداية
emoji-further = المزيد من الرموز
emoji-hidden = ليس في قوائم الاختيار
emoji-disabled = معطّل
emoji-back = ‹ الرموز التعبيرية
emoji-made = أُضيف { $time }
emoji-in-picker = تعرضه قوائم الاختيار
emoji-in-picker-hint = يمكن كتابته باسمه على أي حال.
emoji-enabled = يمكن استخدامه
emoji-enabled-hint = وإلا يظهر اسمه حيث كانت صورته.
emoji-remove = أزل
emoji-remove-title = هل تزيل هذا الرمز؟
emoji-remove-says = تذهب صورته، ويظهر اسمه حيثما استُخدم هنا. قد تحتفظ الخوادم الأخرى بما لديها.
notice-emoji-made = أُضيف الرمز.
notice-emoji-removed = أُزيل الرمز.
act-bring-emoji = أحضر رموزه إلى هنا

## العناية بهذا الخادم: المرحّلات

settings-relays = المرحّلات
settings-relays-hint = منشورات عامة من خوادم كثيرة تُمرَّر إلى هذا الخادم
relays-says = يمرّر المرحّل منشورات عامة من خوادم كثيرة. تظهر بين منشورات كل الخوادم المعروفة وتحت وسومها، وتقول عبر أي مرحّل جاءت؛ لا يُنبَّه أحد إليها، ولم يشاركها أحد.
relays-none = لا شيء هنا.
relays-add-title = اطلب من مرحّل
relays-address = العنوان
relays-address-hint = صندوق وارده الذي ينتهي بـ ‎/inbox، أو فاعله. العنوان الذي فيه { "{tag}" } مرحّل لكل وسم: تُطلب الوسوم التي يتابعها الناس هنا.
relays-tags = فقط ما فيه أحد هذه الوسوم
relays-tags-hint = تفصل بينها فواصل؛ فارغ: الكل. لا شيء حين يكون العنوان للوسوم.
relays-languages = فقط بإحدى هذه اللغات
relays-languages-hint = تفصل بينها فواصل؛ فارغ: الكل.
relays-per-hour = أقصى عدد من المنشورات المطلوبة في ساعة
relays-add = اطلب منه
relays-asked = طُلب منه
relays-accepted = وافق
relays-refused = رفض
relays-paused-since = متوقف { $time }
relays-only-tags = فقط { $tags }
relays-only-languages = فقط بـ { $languages }
relays-hour = { $count } من { $most } منشورات في هذه الساعة
relays-of-tags =
    { $count ->
        [zero] لا يُطلب أي وسم بعد؛ الأقصى { $most } معًا.
        [one] يُطلب وسم واحد يتابعه الناس هنا؛ الأقصى { $most } معًا.
        [two] يُطلب وسمان يتابعهما الناس هنا؛ الأقصى { $most } معًا.
        [few] تُطلب { $count } وسوم يتابعها الناس هنا؛ الأقصى { $most } معًا.
        [many] يُطلب { $count } وسمًا يتابعها الناس هنا؛ الأقصى { $most } معًا.
       *[other] يُطلب { $count } وسم يتابعها الناس هنا؛ الأقصى { $most } معًا.
    }
relays-today =
    { $count ->
        [zero] لا منشورات اليوم
        [one] منشور واحد اليوم
        [two] منشوران اليوم
        [few] { $count } منشورات اليوم
        [many] { $count } منشورًا اليوم
       *[other] { $count } منشور اليوم
    }
relays-pause = أوقفه مؤقتًا
relays-resume = تابع
relays-leave = غادره
notice-relay-asked = طُلب من المرحّل.
notice-relay-paused = لا يؤخذ شيء من هذا المرحّل ولا يُعطى شيئًا.
notice-relay-resumed = هذا المرحّل يمرّر من جديد.
notice-relay-left = غودر المرحّل.

## Looking after people: who waits to be let in, and reports

settings-waiting = من ينتظر السماح له بالدخول
waiting-count =
    { $count ->
        [zero] لا أحد ينتظر
        [one] شخص واحد ينتظر
        [two] شخصان ينتظران
        [few] { $count } أشخاص ينتظرون
        [many] { $count } شخصًا ينتظرون
       *[other] { $count } شخص ينتظرون
    }
waiting-says = سجّل هؤلاء حسابات هنا. ولا يرى أحد حساباتهم حتى يسمح لهم أحد بالدخول.
waiting-none = لا أحد ينتظر السماح له بالدخول.
waiting-unconfirmed = لم يُؤكَّد العنوان بعد
waiting-no-reason = لم يُكتب شيء عن السبب.
waiting-let-in = اسمح بالدخول
waiting-turn-away = ارفض
turn-away-title = أترفض هذا الشخص؟
turn-away-says = يُحذف كل ما أرسله، ولا يمكن لأحد أن يسجّل بهذا الاسم مجددًا. لا يمكن التراجع عن ذلك.
told-sign-up-waits = اسمح بالدخول أو ارفض
notice-turned-away = رُفض الطلب.
settings-open-reports = البلاغات
open-reports-count =
    { $count ->
        [zero] لا بلاغ مفتوح
        [one] بلاغ واحد مفتوح
        [two] بلاغان مفتوحان
        [few] { $count } بلاغات مفتوحة
        [many] { $count } بلاغًا مفتوحًا
       *[other] { $count } بلاغ مفتوح
    }
open-reports-open = المفتوحة
open-reports-closed = المغلقة
open-reports-none = لا يوجد بلاغ.
open-reports-back = ‹ كل البلاغات
open-report-about = بلاغ عن { $handle }
open-report-by = أرسله { $name } { $time }
open-report-silenced = هذا الحساب مقيّد.
open-report-suspended = هذا الحساب معلّق.
open-report-assigned = يتولاه { $name }.
open-report-resolved = أغلقه { $name } { $time }.
open-report-work = العمل على البلاغ
open-report-assign = أنا أتولاه
open-report-unassign = لم أعد أتولاه
open-report-resolve = أغلق البلاغ
open-report-reopen = افتح البلاغ من جديد
open-report-account = إجراء بشأن الحساب
open-report-may-not = لا يحق لك اتخاذ إجراء بشأن هذا الحساب.
open-report-silence = قيّد الحساب
open-report-unsilence = ارفع التقييد
open-report-suspend = علّق الحساب
open-report-unsuspend = ارفع التعليق
silence-title = أتقيّد { $handle }؟
silence-says = لا يصادف ما يكتبه سوى متابعيه، ولا يجده غيرهم في الخيوط العامة ولا في البحث. يُغلق البلاغ. ويمكن التراجع عن ذلك.
suspend-title = أتعلّق { $handle }؟
suspend-says = يختفي الحساب فورًا عن الجميع هنا، ومن كان من هذا الخادم لا يستطيع استخدامه بعد الآن. يُغلق البلاغ. ويمكن التراجع عن ذلك، لكن متابعات من هو في خادم آخر تنتهي نهائيًا.
deed-why = السبب (اختياري)
deed-why-hint = يقرؤه من كان من هذا الخادم ويمكنه الاعتراض. ويُحفظ في سجل الإشراف أيضًا.
notice-report-resolved = أُغلق البلاغ.
notice-report-reopened = فُتح البلاغ من جديد.
notice-taken-back = تم التراجع.
notice-silenced = قُيّد الحساب وأُغلق البلاغ.
notice-suspended = عُلّق الحساب وأُغلق البلاغ.
