
## Words that are not lost

kept-title = انتهت جلستك
kept-says = لم يُنشر شيء ولم يضع شيء: ما كتبته هنا. سجّل الدخول في صفحة تفتح بجانب هذه، ثم عد وتابع.
kept-sign-in = تسجيل الدخول
kept-go-on = تابع الكتابة
compose-session-new = سجّلت الدخول من جديد منذ أن بدأت. كل ما كتبته هنا: راجعه مرة أخرى ثم انشر.
read-only-name = للقراءة فقط.
read-only-says = لا يستطيع هذا الخادم حفظ أي شيء الآن. القراءة والبحث يعملان؛ وما تكتبه يبقى في نموذجه حتى يمكن إرساله.
disk-slow-name = بطيء الآن.
disk-slow-says = قرص هذا الخادم بطيء: يستغرق النشر وقتًا أطول من المعتاد. القراءة والبحث يعملان كالمعتاد.
disk-stalled-name = النشر ينتظر.
disk-stalled-says = لا يستجيب قرص هذا الخادم الآن. القراءة والبحث يعملان؛ وما تكتبه يبقى في نموذجه حتى يمكن إرساله.
disk-full-name = القرص ممتلئ.
disk-full-says = القراءة والبحث والحذف تعمل؛ ويعود النشر حين يتوفر مكان. وما تكتبه يبقى في نموذجه.

## Time zones

reading-zone = المنطقة الزمنية
reading-zone-told = كما يقول هذا المتصفح: { $zone }
reading-zone-untold = كما يقول المتصفح (حاليًا UTC)
reading-zone-hint = بها تُعرض الأوقات في الصفحات، وبها تُفهم الأوقات التي تكتبها.

## Threads

compose-split = نص طويل
compose-split-hint = كل جزء من السلسلة يرد على سابقه؛ والصور والاستطلاع مع الأول. تعرض المعاينة الأجزاء.
compose-split-not = يبقى منشورًا واحدًا
compose-split-needed = يصير سلسلة، تُقطع فقط حيث يطول
compose-split-blank = يصير سلسلة، تُقطع عند كل سطر فارغ
compose-thread-long =
    { $count ->
        [zero] هذا أكثر من { $count } جزء، وهو أقصى ما تحويه سلسلة.
        [one] هذا أكثر من جزء واحد، وهو أقصى ما تحويه سلسلة.
        [two] هذا أكثر من جزأين، وهو أقصى ما تحويه سلسلة.
        [few] هذا أكثر من { $count } أجزاء، وهو أقصى ما تحويه سلسلة.
        [many] هذا أكثر من { $count } جزءًا، وهو أقصى ما تحويه سلسلة.
       *[other] هذا أكثر من { $count } جزء، وهو أقصى ما تحويه سلسلة.
    }
compose-thread-later = لا يمكن نشر سلسلة لاحقًا؛ امسح الوقت أو اجعله منشورًا واحدًا.
compose-thread-stopped = نُشر { $posted } من { $parts } أجزاء. ما تبقى هنا ويتابع بعدها.
thread-part = الجزء { $part } من { $parts }
notice-thread-posted = نُشر كسلسلة.

## With scripts: pictures, completion, keys

script-close = إغلاق
script-previous = السابق
script-next = التالي
script-picture = صورة
script-suggestions = اقتراحات
key-picture = الصورة بحجمها الكامل
key-author = صفحة الكاتب
reading-keys = مفاتيح مفردة تتنقل بين المنشورات وتعمل عليها
reading-keys-hint = تتنقل j وk بين المنشورات، وترد r؛ وتعرضها ? كلها. بدون سكربتات لا مفاتيح.

## Slow lines

media-load = حمّل الصورة
media-load-size = حمّل الصورة ({ $count } ك.ب)
reading-light = بيانات قليلة: الصور روابط
reading-light-hint = وتُحذف صور الأشخاص ومعاينات الروابط أيضًا. المتصفح الذي يطلب توفير البيانات يحصل على هذا تلقائيًا.

## Notifications in the browser

settings-push = الإشعارات في هذا المتصفح
settings-push-hint = حتى دون صفحة مفتوحة
push-on = يعرض هذا المتصفح إشعارات حسابك، حتى دون صفحة مفتوحة.
push-off = لا يعرض هذا المتصفح إشعارات حسابك ما لم تكن صفحة مفتوحة.
push-needs = للبدء يجب السماح بالسكربتات وأن يعرف المتصفح دفع الويب؛ ولا شيء غير ذلك في هذه الصفحات يحتاجها.
push-refused = لم يسمح المتصفح بذلك، أو تعذّر الوصول إلى خدمة الدفع.
push-what = ما تُخبر به
push-mention = يذكرك أحد
push-follow = يتابعك أحد
push-follow-request = يطلب أحد متابعتك
push-favourite = يفضّل أحد منشورًا لك
push-reblog = يعيد أحد نشر منشور لك
push-quote = يقتبسك أحد
push-poll = انتهى استطلاع
push-status = نشر من تتابعه عن قرب
push-update = عُدّل منشور أعدت نشره
push-start = اعرض الإشعارات
push-stop = لا تعرضها بعد الآن
push-hint = تصل عبر خدمة صانع المتصفح، مختومة بحيث لا يقرؤها إلا هذا المتصفح. وتنتهي عند تسجيل الخروج هنا.
notice-push-off = لم يعد هذا المتصفح يعرض إشعارات.

## Shared by several

post-boosted-by-two = أعاد { $name } و{ $other } النشر
post-boosted-by-more =
    { $count ->
        [zero] أعاد { $name } و{ $other } النشر، و{ $count } آخرون
        [one] أعاد { $name } و{ $other } وشخص آخر النشر ({ $count })
        [two] أعاد { $name } و{ $other } واثنان آخران النشر ({ $count })
        [few] أعاد { $name } و{ $other } و{ $count } آخرون النشر
        [many] أعاد { $name } و{ $other } و{ $count } آخرون النشر
       *[other] أعاد { $name } و{ $other } و{ $count } آخرون النشر
    }

## Away, and the first steps

away-title = أثناء غيابك
away-says = بقي لك أن تقرأ أكثر مما تتسع له هذه الصفحة.
away-since =
    { $count ->
        [zero] لا منشورات منذ ذلك الحين ({ $time }).
        [one] منشور واحد منذ ذلك الحين ({ $time }).
        [two] منشوران منذ ذلك الحين ({ $time }).
        [few] { $count } منشورات منذ ذلك الحين ({ $time }).
        [many] { $count } منشورًا منذ ذلك الحين ({ $time }).
       *[other] { $count } منشور منذ ذلك الحين ({ $time }).
    }
away-newest =
    { $count ->
        [zero] لا منشورات.
        [one] أحدث منشور.
        [two] أحدث منشورين.
        [few] أحدث { $count } منشورات.
        [many] أحدث { $count } منشورًا.
       *[other] أحدث { $count } منشور.
    }
away-more = والأقدم في صفحات الرئيسية.
away-nothing = لا شيء لم تقرأه.
away-answers = إليك
away-all-answers = كل الإشارات إليك
away-links = ما يشير إليه عدة أشخاص
away-people = من كتب
away-posts =
    { $count ->
        [zero] لا منشورات
        [one] منشور واحد
        [two] منشوران
        [few] { $count } منشورات
        [many] { $count } منشورًا
       *[other] { $count } منشور
    }
away-pictures =
    { $count ->
        [zero] بلا صور
        [one] صورة واحدة
        [two] صورتان
        [few] { $count } صور
        [many] { $count } صورة
       *[other] { $count } صورة
    }
away-boosted = شارك منشورًا من { $name }
away-no-words = بلا كلمات
away-whole = اقرأ كل شيء في الرئيسية
steps-title = الخطوات الأولى لخادمك
steps-done = أُنجز { $done } من { $count }.
steps-is-done = أُنجز:
steps-backup = حدد مكان النسخ الاحتياطية
steps-backup-why = وإلى ذلك الحين يذهب كل شيء إذا تلف القرص. اضبط backup.to في الإعدادات.
steps-recovery = اطبع ورقة الاسترداد
steps-recovery-why = بها تعود إلى الدخول بلا كلمة مرور، حتى حيث لا يُرسل بريد.
steps-keyed = احمِ حسابك
steps-keyed-why = من يملك كلمة مرورك يستطيع فعل كل شيء هنا. يمنعه مفتاح مرور أو عامل ثانٍ.
steps-second = اجعل غيرك قادرًا على المساعدة
steps-second-why = إن مرضت أو سافرت فلا أحد غيرك يستطيع التصرف: dassie user add NAME --role admin
steps-mail = أرسل البريد
steps-mail-why = لكلمات المرور المنسية ولرسائل التسجيل. اضبط mail.host و mail.from في الإعدادات.
steps-rules = اكتب القواعد
steps-rules-why = تستند إليها البلاغات والقرارات: dassie instance rule add "كن لطيفًا."
steps-put-away = لا تُظهر هذا مرة أخرى
notice-steps-away = أُبعدت القائمة.

## Order in threads, and what is elsewhere

thread-order = ترتيب الردود
thread-oldest = الأقدم أولًا
thread-followed = من تتابعهم أولًا
thread-at-origin = تابع القراءة في { $host }
thread-look-again = ابحث عن ردود جديدة

## Descriptions of pictures, and who gets it

compose-undescribed = في المنشور صورة بلا وصف: من لا يراها لا يصله منها شيء. صفها، أو انشر مرة أخرى لنشرها كما هي.
compose-undescribed-refused = في المنشور صورة بلا وصف، وقد اخترت ألا تنشر مثلها. لم يُنشر شيء، ونصك محفوظ.
compose-alone = لم تذكر أحدًا: لن يراه سواك. اذكر أحدًا بـ @، أو انشر مرة أخرى لتبقيه ملاحظة لنفسك.
compose-alone-part = جزء منه لا يذكر أحدًا: لن يرى ذلك الجزء سواك. اذكر أحدًا بـ @ في كل جزء، أو انشر مرة أخرى لتبقيه كذلك.
compose-camel = يُقرأ { $tag } بصوت عالٍ كلمةً واحدة. اكتب أول كل كلمة بحرف كبير مثل #LikeThis ليسمع الجميع ما يقول.
reach-servers =
    { $count ->
        [zero] وليسوا على خوادم أخرى.
        [one] وهم أيضًا على خادم آخر.
        [two] وهم أيضًا على خادمين آخرين.
        [few] وهم أيضًا على { $count } خوادم أخرى.
        [many] وهم أيضًا على { $count } خادمًا آخر.
       *[other] وهم أيضًا على { $count } خادم آخر.
    }
posting-undescribed = صور بلا وصف
posting-undescribed-ask = اسألني مرة قبل النشر
posting-undescribed-post = انشرها
posting-undescribed-refuse = لا تنشرها

## Quiet hours, and clearing notifications

notifications-clear = أزل كل الإشعارات
clear-title = أتزيل كل الإشعارات؟
clear-says = تزول الإشعارات الموجودة الآن، قُرئت أم لم تُقرأ. لا رجعة في ذلك؛ وتبقى المنشورات والمتابعون.
notice-cleared = أُزيلت كل الإشعارات.
quiet-title = ساعات الهدوء
quiet-says = بين هذين الوقتين لا يوقظ أجهزتك شيء؛ وما يحدث يظهر بين إشعاراتك على كل حال. الأوقات بتوقيت { $zone }.
quiet-from = من
quiet-until = إلى
quiet-end = بلا ساعات هدوء

## Finding more

begin-title = أين المزيد من الناس
begin-says = لا يعرف هذا الخادم بعدُ إلا قليلًا من الناس. ومع كل من تتابعه يعرف المزيد.
begin-search = ابحث عن أحد
begin-search-says = اكتب اسمًا كاملًا مثل @name@example.org، أو ألصق عنوان ملف شخصي أو منشور.
begin-import = أحضر من تتابعهم
begin-import-says = من ملف من حسابك القديم، أو باسمه وحده.
begin-tags = تابع وسومًا
begin-tags-says = افتح وسمًا في أي منشور وتابعه: ما يُنشر به يأتي إلى رئيسيتك.
begin-profile = قل من أنت
begin-profile-says = يتابع الناس من يعرفونه: تكفي صورة وجملتان.
tab-links = روابط
narrow-says = فقط:
narrow-library = ما له صلة بي
narrow-mine = منشوراتي
narrow-media = مع صور
narrow-replies = بلا ردود

## Why nothing can be done now

failure-full = قرص هذا الخادم ممتلئ. القراءة والحذف ممكنان؛ وتعود الكتابة حين يتوفر مكان.
failure-busy = لا يلحق قرص هذا الخادم بما يجب كتابته.
failure-opening = يُفتح المخزن من جديد؛ يستغرق ذلك لحظة.
failure-read-only = يستطيع هذا الخادم قراءة ما لديه ولا يستطيع حفظ شيء. وقد أُبلغ من يديره.
failure-store = رفض مخزن هذا الخادم ذلك.
failure-remote = لم يجب خادم آخر يلزم لهذا.

## Posts, threads, writing

media-description = الوصف
react = تفاعل برمز تعبيري
reactions = التفاعلات
react-emoji = الرمز التعبيري
react-hint = رمز واحد؛ أو :اسم: رمز من هذا الخادم أو صورة وضعها أحد هنا من قبل.
notice-reacted = أُضيف تفاعلك.
notice-unreacted = أُزيل تفاعلك.
history-title = ما كان عليه هذا المنشور
history-back = إلى المنشور
history-newest = كما هو الآن، منذ { $time }
history-edited = كما كان من { $time }
history-first = كما نُشر، { $time }
scheduled = منشورات مجدولة
scheduled-empty = لا شيء ينتظر وقته.
scheduled-later = ما بعدها
scheduled-at = متى يُنشر
scheduled-move = انشره حينها
scheduled-draft = أعده إلى المسودات
scheduled-cancel = لا تنشره
notice-rescheduled = سيُنشر في الوقت الجديد.
notice-unscheduled = لن يُنشر.
notice-unscheduled-draft = عاد مسودةً ولم يعد له وقت.
asked-title = ما ينتظر كلمتك
asked-hint = اخترتَ أن تُسأل قبل الرد على هذه المنشورات أو مشاركتها أو الإعجاب بها. لا يراه أحد غيرك حتى تسمح به.
asked-empty = لا شيء ينتظر كلمتك.
asked-reply = يريد { $name } الرد
asked-boost = يريد { $name } مشاركة منشورك
asked-favourite = يريد { $name } الإعجاب بمنشورك
asked-allow = اسمح
asked-refuse = ارفض
notice-allowed = سُمح به.
notice-refused = رُفض.
act-revoke-quote = أزل منشوري من هذا الاقتباس
revoke-title = أتزيل منشورك من هذا الاقتباس؟
revoke-says = يبقى المنشور الآخر ولا يعرض منشورك بعد الآن، هنا وعلى الخوادم التي يبلغها ذلك. لا رجوع عن هذا.
notice-quote-revoked = أُزيل منشورك من الاقتباس.
people-boosted = من شارك هذا المنشور لـ { $name }
people-favourited = من أعجبه هذا المنشور لـ { $name }
compose-reply-ask = اسألني كل مرة
compose-kind = كيف كُتب
compose-kind-plain = كما يُقرأ
compose-kind-markdown = ماركداون: *تشديد* وقوائم واقتباسات
compose-unkept = ليس بين مسوداتك: { $why } كل ما كتبته موجود هنا.
compose-pictures-hint =
    { $count ->
        [zero] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
        [one] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
        [two] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
        [few] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
        [many] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
       *[other] يمكن اختيار عدة صور معًا، مجموعها { $count } ميغابايت على الأكثر.
    }
compose-language-guess = خمّنها من النص
compose-language-guessed = يبدو النص بهذه اللغة: { $language }
notice-begun = كل شيء جاهز. ألقِ التحية.
thread-continue =
    { $count ->
        [zero] تابع هذا الحوار
        [one] تابع هذا الحوار (رد واحد)
        [two] تابع هذا الحوار (ردّان)
        [few] تابع هذا الحوار ({ $count } ردود)
        [many] تابع هذا الحوار ({ $count } ردًّا)
       *[other] تابع هذا الحوار ({ $count } رد)
    }
thread-all-replies =
    { $count ->
        [zero] لا ردود في المجموع
        [one] رد واحد في المجموع
        [two] ردّان في المجموع
        [few] { $count } ردود في المجموع
        [many] { $count } ردًّا في المجموع
       *[other] { $count } رد في المجموع
    }
thread-hidden =
    { $count ->
        [zero] لا تخفي مرشحاتك شيئًا من هذا الحوار.
        [one] تخفي مرشحاتك منشورًا واحدًا من هذا الحوار.
        [two] تخفي مرشحاتك منشورين من هذا الحوار.
        [few] تخفي مرشحاتك { $count } منشورات من هذا الحوار.
        [many] تخفي مرشحاتك { $count } منشورًا من هذا الحوار.
       *[other] تخفي مرشحاتك { $count } منشور من هذا الحوار.
    }

## People, home, messages, search

tab-featured = مختارات
featured-empty = لا مختارات هنا.
featured-people = أشخاص موصى بهم
featured-sensitive = لا يريد الجميع رؤية هذا دون طلب. اعرضه
copy = نسخ
copied = نُسخ
interact-follow = المتابعة من خادمك
interact-post = الرد أو المشاركة من خادمك
interact-label = اسمك الكامل، للمتابعة من خادمك
interact-label-post = اسمك الكامل، للرد أو المشاركة من خادمك
interact-hint = مثل ‎@name@example.org. يُسأل خادمك أين تفعل ذلك، ثم تواصل هناك.
interact-go = متابعة
interact-or-search = أو ضع هذا العنوان في خانة البحث في خادمك:
interact-leads = إلى { $host }
interact-no-handle = «{ $handle }» ليس اسمًا كاملًا؛ الاسم الكامل مثل ‎@name@example.org.
interact-nobody = لا أحد هناك باسم { $handle }.
interact-no-way = لا يقول خادم { $handle } أين يُفعل هذا. ضع العنوان أدناه في خانة بحثه.
interact-no-answer = لم يجب خادم { $handle } جوابًا صالحًا. هل كُتب صحيحًا؟ وإلا فحاول لاحقًا.
interact-not-found = تعذر العثور على ما يعنيه هذا العنوان أو الاسم، أو أن خادمه لا يجيب.
leaving-title = هذا على خادم آخر
leaving-says = يعرضه { $host } بنفسه. اختير الرابط أدناه هناك، وهو يقود إلى خارج هذا الموقع.
profile-block-server = حظر الخادم { $host }
profile-unblock-server = رفع الحظر عن الخادم { $host }
server-block-says = لن ترى شيئًا من أحد هناك، ومن يتابعك من هناك لن يتابعك بعد الآن. لا يُبلَّغ أحد.
server-unblock-says = سترى مجددًا ما يقوله الناس هناك. ومن كان يتابعك عليه أن يطلب ثانية.
notice-server-blocked = حُظر الخادم.
notice-server-unblocked = رُفع الحظر عن الخادم.
mute-while = كتم لمدة
mute-how-long = المدة
mute-hour = ساعة
mute-day = يوم
mute-week = أسبوع
mute-month = 30 يومًا
mute-notifications = وإشعاراتهم أيضًا
mute-until = حتى { $time }
messages-search = البحث في رسائلك
messages-all = كل المحادثات
messages-none-here = لا شيء من هذه المحادثة في هذه الصفحة.
messages-answer = ردك، إلى كل من في هذه المحادثة
messages-send = إرسال
tabs-timelines = الخطوط الزمنية
tab-local = هذا الخادم
tab-known = كل الخوادم المعروفة
tab-all-lists = قوائم أخرى
tags-timeline = الوسوم التي تتابعها
tags-timeline-says = منشورات عامة بأحد الوسوم التي تتابعها.
local-timeline-says = منشورات عامة لأهل هذا الخادم.
known-timeline-says = منشورات عامة لكل من يتابعهم أهل هذا الخادم، ولأهله.
timeline-empty = لا شيء هنا بعد.
home-read-since = كنت هنا، { $time }
home-boosts-apart = ضع المُشارَك جانبًا
home-boosts-among = ضع المُشارَك بين المنشورات
relays-leave-out = أخفِ ما جاء عبر المرحّلات
relays-put-among = أظهر أيضًا ما جاء عبر المرحّلات
announcement = إعلان
announcement-until = حتى { $time }
announcement-dismiss = قرأته
notice-announcement-dismissed = أُخفي الإعلان.
tab-moderation = الإشراف
told-added = أضافك { $name } إلى مجموعة
told-collection = غيّر { $name } مجموعة أنت فيها
blocked-servers = خوادم محظورة
blocked-servers-say = ما قرره القائم على هذا الخادم بشأن غيره. لا يصل شيء من خادم محظور؛ ويصل أقل من خادم محدود، لمن يتابع أحدًا هناك فقط.
blocked-servers-none = لا خادم محظور.
blocked-servers-more = مزيد من الخوادم المحظورة
blocked-wholly = محظور
blocked-limited = محدود
front-feed = خلاصة هذه المنشورات
rules-all = كل القواعد
explore-newcomers = أشخاص جدد هنا
suggested-friends = يتابعه أشخاص تتابعهم
suggested-featured = يوصي به القائمون على هذا الخادم
suggested-popular = يتابعه كثيرون ونشر مؤخرًا
narrow-films = مع مقاطع مصورة
search-scopes = ضمن:
search-all = كل ما يمكنك العثور عليه
search-home = أنت ومن تتابعهم
search-public = ما يمكن للجميع العثور عليه
search-orders = الترتيب:
search-newest = الأحدث أولًا
search-best = الأنسب أولًا
search-more-posts = منشورات أخرى
search-no-answer = تعذر الوصول إلى { $host }، أو ليس هناك ما يمكن عرضه هنا. هل كُتب صحيحًا؟ وإلا فحاول لاحقًا.
facet-month = الشهر:
facet-author = بقلم:
saved-searches = عمليات بحث محفوظة
saved-search-keep = احفظ هذا البحث
saved-search-name = اسمه
notice-search-saved = حُفظ البحث.
notice-search-forgotten = نُسي البحث.
home-shelf =
    { $count ->
        [zero] لا منشورات مُشارَكة
        [one] منشور مُشارَك واحد
        [two] منشوران مُشارَكان
        [few] { $count } منشورات مُشارَكة
        [many] { $count } منشورًا مُشارَكًا
       *[other] { $count } منشور مُشارَك
    }
