# كلمات الصفحات بالعربية.

## The frame of every page

skip-to-content = تخطَّ إلى المحتوى
skip-to-navigation = تخطَّ إلى التنقل
lab-name = مختبر.
lab-says = مكان للتجربة: لا شيء هنا حقيقي.
nav-server = هذا الخادم
nav-main = التنقل الرئيسي
nav-about = حول
nav-home = الرئيسية
nav-notifications = الإشعارات
nav-unread = غير مقروء
nav-compose = منشور جديد
nav-search = بحث
nav-messages = الرسائل
nav-explore = استكشف
nav-bookmarks = المحفوظات
nav-favourites = المفضلة
nav-lists = القوائم
nav-settings = الإعدادات
nav-menu = القائمة
sign-in = تسجيل الدخول
sign-out = تسجيل الخروج
sign-up = إنشاء حساب
footer-runs = يعمل { $domain } ببرنامج Dassie { $version }، وهو برنامج حر.
about = حول الخادم
privacy = الخصوصية
source-code = الشيفرة المصدرية
language = اللغة
language-hint = كلمات هذه الصفحات. ما يكتبه الناس يبقى كما كتبوه.
password = كلمة السر
moving = الانتقال
front-page = الصفحة الأولى
save = حفظ

## Times

january = يناير
february = فبراير
march = مارس
april = أبريل
may = مايو
june = يونيو
july = يوليو
august = أغسطس
september = سبتمبر
october = أكتوبر
november = نوفمبر
december = ديسمبر
date = { $day } { $month } { $year }
date-and-time = { $date }، { $time } { $zone }
just-now = الآن
minutes-ago = { $count } د
hours-ago = { $count } س
days-ago =
    { $count ->
        [zero] { $count } يوم
        [one] يوم
        [two] يومان
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }

## Numbers with their nouns

replies =
    { $count ->
        [zero] لا ردود
        [one] رد واحد
        [two] ردّان
        [few] { $count } ردود
        [many] { $count } ردًّا
       *[other] { $count } رد
    }
noun-replies =
    { $count ->
        [zero] ردود
        [one] رد
        [two] رد
        [few] ردود
        [many] ردًّا
       *[other] رد
    }
noun-boosts =
    { $count ->
        [zero] مشاركات
        [one] مشاركة
        [two] مشاركة
        [few] مشاركات
        [many] مشاركة
       *[other] مشاركة
    }
noun-favourites =
    { $count ->
        [zero] إعجابات
        [one] إعجاب
        [two] إعجاب
        [few] إعجابات
        [many] إعجابًا
       *[other] إعجاب
    }
noun-people =
    { $count ->
        [zero] أشخاص
        [one] شخص
        [two] شخص
        [few] أشخاص
        [many] شخصًا
       *[other] شخص
    }
noun-posts =
    { $count ->
        [zero] منشورات
        [one] منشور
        [two] منشور
        [few] منشورات
        [many] منشورًا
       *[other] منشور
    }
noun-servers =
    { $count ->
        [zero] خوادم أخرى معروفة
        [one] خادم آخر معروف
        [two] خادم آخر معروف
        [few] خوادم أخرى معروفة
        [many] خادمًا آخر معروفًا
       *[other] خادم آخر معروف
    }
noun-followers =
    { $count ->
        [zero] متابعين
        [one] متابِع
        [two] متابِع
        [few] متابعين
        [many] متابِعًا
       *[other] متابِع
    }
noun-followed =
    { $count ->
        [zero] متابَعين
        [one] متابَع
        [two] متابَع
        [few] متابَعين
        [many] متابَعًا
       *[other] متابَع
    }

## Posts

post-boosted-by = شارك { $name }
post-pinned = مثبّت
post-answers = ردًّا على { $name }
post-filtered = مُرشَّح: { $name }
post-show = (أظهر المنشور)
post-quoted = المنشور المقتبس
post-quote-hidden = منشور مقتبس لا يمكن عرضه.
post-quote-waits = منشور مقتبس لم يوافق كاتبه بعد.
post-quote-unasked = يقتبس منشورًا لم يُسأل كاتبه، أو لم يوافق.
post-edited = عُدّل { $time }
audience-public = الجميع
audience-unlisted = الجميع، بهدوء
audience-private = المتابعون
audience-direct = المذكورون فقط
audience-local = على هذا الخادم فقط
post-through = عبر { $relay }
post-through-former = عبر مرحّل
act-reply = رد
act-boost = مشاركة
act-boosted = شاركتَه
act-favourite = إعجاب
act-favourited = أعجبك
act-bookmark = حفظ
act-bookmarked = محفوظ
act-more = المزيد
act-quote = اقتباس
act-edit = تعديل
act-pin = ثبّت في ملفي
act-unpin = ألغ التثبيت
act-mute-thread = اكتم هذه المحادثة
act-unmute-thread = ألغ كتم المحادثة
act-open-original = افتح في خادمه
act-link = رابط المنشور
act-delete = حذف
act-mention = اذكر الكاتب
act-mute-author = اكتم { $name }
act-block-author = احظر { $name }
act-report = إبلاغ
newer-posts = منشورات أحدث
older-posts = منشورات أقدم
pager = مزيد من المنشورات

## Pictures and polls

media-sensitive =
    { $count ->
        [zero] حساس: بلا مرفقات
        [one] حساس: مرفق واحد
        [two] حساس: مرفقان
        [few] حساس: { $count } مرفقات
        [many] حساس: { $count } مرفقًا
       *[other] حساس: { $count } مرفق
    }
media-undescribed = صورة بلا وصف
media-without-description = بلا وصف
media-opens-at = يُفتح في { $host }
media-picture = صورة
media-moving-picture = صورة متحركة
media-film = مقطع مرئي
media-sound = مقطع صوتي
media-file = ملف
poll = استطلاع
poll-votes =
    { $count ->
        [zero] لا أصوات
        [one] صوت واحد
        [two] صوتان
        [few] { $count } أصوات
        [many] { $count } صوتًا
       *[other] { $count } صوت
    }
poll-multiple = يُسمح بعدة إجابات
poll-closed-on = أُغلق { $time }
poll-open-until = مفتوح حتى { $time }
poll-closed = مغلق
poll-own-vote = صوتك
poll-choose-one = اختر إجابة واحدة
poll-choose-several = اختر إجابة أو أكثر
poll-vote = صوّت

## Threads and tags

thread-title = { $name }: «{ $text }»
thread-heading = منشور { $name }
thread-replies = الردود
thread-more = المزيد من الردود
thread-start = إلى الردود الأولى
thread-unseen-parent = منشور لا يُعرض هنا
thread-missing =
    { $count ->
        [zero] لا ردود أخرى.
        [one] تقول خوادم أخرى إن ردًّا آخر ليس هنا.
        [two] تقول خوادم أخرى إن ردّين آخرين ليسا هنا.
        [few] تقول خوادم أخرى إن { $count } ردود أخرى ليست هنا.
        [many] تقول خوادم أخرى إن { $count } ردًّا آخر ليس هنا.
       *[other] تقول خوادم أخرى إن { $count } رد آخر ليس هنا.
    }
tag-empty = لا يوجد منشور عام معروف هنا بهذا الوسم.

## The front page

front-lead = خادم صغير للناس، جزء من الفيديفرس: تابع أي شخص هنا من أي خادم تحب.
front-unowned = لا مالك لهذا الخادم بعد.
front-unowned-hint = من شغّله يجد في مخرجاته رابطًا برمز يُستعمل مرة واحدة؛ يصلح 30 دقيقة، وكل تشغيل يصنع رمزًا جديدًا.
front-more = القواعد والمزيد عن هذا الخادم
privacy-policy = سياسة الخصوصية
terms-of-service = شروط الخدمة
front-said-here = قيل هنا
front-empty = لم يُنشر شيء بعد.
front-approval = يقرأ من يعتني بهذا الخادم ما تكتبه ثم يُدخلك.
front-closed = القادمون الجدد: اسألوا من يديره؛ لا يستطيع أحد إنشاء حساب بنفسه.
front-who-runs-it = من يديره
front-write-to = راسل { $address }

## Profiles

profile-empty = لا منشورات عامة هنا.
profile-empty-blocked = أنت تحظر { $name }: لا تُعرض منشوراته.
profile-moved = انتقل إلى { $handle }
profile-memorial = في ذكرى { $name }.
profile-since = هنا منذ { $date }.
profile-since-there = على { $host } منذ { $date } على أبعد تقدير.
profile-numbers-said = هذه الأرقام كما يذكرها { $host }.
profile-numbers-known = هذه الأرقام لا تعدّ إلا ما هو معروف هنا.
profile-numbers-mixed = بعض هذه الأرقام كما يذكرها { $host }، وبعضها لا يعدّ إلا ما هو معروف هنا.
profile-number-said = كما يذكر { $host }
profile-number-known = معروف هنا
profile-follow-hint = للمتابعة ضع { $handle } في خانة البحث في خادمك أو تطبيقك.
profile-locked = تُراجع طلبات المتابعة أولًا.
profile-bot = آلي
profile-group = مجموعة
profile-verified = فُحص في { $date }: تلك الصفحة تحيل إلى هنا.
profile-edit = تعديل الملف
profile-requested-by = يطلب { $name } متابعتك.
request-accept = قبول
request-decline = رفض
profile-follow = متابعة
profile-request = اطلب المتابعة
profile-unfollow = ألغ المتابعة
profile-unrequest = اسحب الطلب
profile-unblock = ألغ الحظر
profile-mention = ذِكر
profile-message = اكتب سرًّا
profile-follows-you = يتابعك
profile-you-follow = تتابعه
profile-you-mute = كتمته
profile-you-block = حظرته
profile-blocks-you = يحظرك
profile-domain-blocked = تحظر هذا الخادم
profile-notify = أعلمني بكل منشور
profile-unnotify = لا تُعلمني بكل منشور
profile-hide-boosts = أخف المشاركات
profile-show-boosts = أظهر المشاركات
profile-remove-follower = أزل من متابعيّ
profile-mute = كتم
profile-unmute = ألغ الكتم
profile-block = حظر
profile-note = ملاحظتك
profile-note-hint = لا يراها غيرك.
tabs-posts = أي منشورات
tab-posts = المنشورات
tab-posts-and-replies = المنشورات والردود
tab-media = الوسائط

## Home

home-empty = لا شيء هنا بعد. تابع بعض الناس وسيظهر هنا ما يقولون.
home-no-more = لا مزيد في هذا الاتجاه.
home-mark-read = علّم الكل مقروءًا
home-read-line = قرأتَ ما بعد هذا الخط

## What was just done

notice-boosted = تمت المشاركة.
notice-unboosted = أُلغيت المشاركة.
notice-favourited = أُضيف إلى مفضلتك.
notice-unfavourited = أُزيل من مفضلتك.
notice-bookmarked = أُضيف إلى محفوظاتك.
notice-unbookmarked = أُزيل من محفوظاتك.
notice-thread-muted = لن تسمع عن هذه المحادثة بعد الآن.
notice-thread-unmuted = ستسمع عن هذه المحادثة من جديد.
notice-pinned = ثُبّت في ملفك.
notice-unpinned = أُلغي التثبيت.
notice-followed = تم: أنت تتابع أو طلبك في الطريق.
notice-unfollowed = لم تعد تتابع.
notice-saved = حُفظ.
notice-muted = تم الكتم.
notice-unmuted = أُلغي الكتم.
notice-blocked = تم الحظر.
notice-unblocked = أُلغي الحظر.
notice-request-accepted = قُبل: يتابعك الآن.
notice-request-declined = رُفض.
notice-follower-removed = لم يعد يتابعك.
notice-voted = احتُسب صوتك.
notice-read = عُلّم مقروءًا.

## What did not work

failure-invalid = لم ينجح ذلك
failure-invalid-says = في ما أُرسل شيء غير صحيح. لم يتغير شيء.
failure-unauthorized = سجّل الدخول من فضلك
failure-unauthorized-says = هذه الصفحة لمن سجّلوا الدخول.
failure-forbidden = غير مسموح
failure-forbidden-says = لا يحق لك هذا، أو كان نموذجك قديمًا. لم يتغير شيء.
failure-not-found = لا شيء هنا
failure-not-found-says = لا توجد صفحة كهذه، أو ليست للجميع. ربما في العنوان خطأ.
failure-method = ليس هكذا
failure-method-says = لا يُستعمل هذا العنوان هكذا.
failure-conflict = سبقك شيء آخر
failure-conflict-says = تغيّر الشيء نفسه في اللحظة نفسها. حاول مرة أخرى.
failure-gone = كان هنا
failure-gone-says = حذف الكاتب ما كان هنا.
failure-too-large = كبير جدًا
failure-too-large-says = ما أُرسل أكبر مما يقبله هذا الخادم. لم يتغير شيء.
failure-misdirected = خادم آخر
failure-misdirected-says = لا يجيب هذا الخادم عن ذلك الاسم.
failure-too-many = لحظة من فضلك
failure-too-many-says = جاءت منك طلبات كثيرة في وقت قصير. لم يضع شيء.
failure-unavailable = ليس الآن
failure-unavailable-says = لا يستطيع الخادم هذا الآن. المحفوظ آمن.
failure-defect = حدث خطأ
failure-defect-says = الخطأ منا، وهو في السجل. المحفوظ آمن.
failure-other = غير ممكن
failure-other-says = لم يستطع الخادم فعل المطلوب.
failure-retry-seconds =
    { $count ->
        [zero] حاول مرة أخرى.
        [one] حاول بعد ثانية.
        [two] حاول بعد ثانيتين.
        [few] حاول بعد { $count } ثوانٍ.
        [many] حاول بعد { $count } ثانية.
       *[other] حاول بعد { $count } ثانية.
    }
failure-retry-minutes =
    { $count ->
        [zero] حاول مرة أخرى.
        [one] حاول بعد دقيقة.
        [two] حاول بعد دقيقتين.
        [few] حاول بعد { $count } دقائق.
        [many] حاول بعد { $count } دقيقة.
       *[other] حاول بعد { $count } دقيقة.
    }
failure-kept = نصك محفوظ هنا
failure-request = الطلب

## Writing

compose-edit = تعديل المنشور
compose-drafts =
    { $count ->
        [zero] لا مسودات
        [one] مسودة واحدة
        [two] مسودتان
        [few] { $count } مسودات
        [many] { $count } مسودة
       *[other] { $count } مسودة
    }
compose-answers = تردّ على { $name }
compose-quotes = تقتبس من { $name }
compose-text = ماذا تريد أن تقول؟
compose-chars =
    { $count ->
        [zero] بلا حروف.
        [one] حرف واحد على الأكثر.
        [two] حرفان على الأكثر.
        [few] { $count } أحرف على الأكثر.
        [many] { $count } حرفًا على الأكثر.
       *[other] { $count } حرف على الأكثر.
    }
compose-warning = تحذير (اختياري)
compose-warning-hint = يظهر بدل النص حتى يفتحه أحد.
compose-picture = صورة
compose-another-picture = صورة أخرى
compose-attach = أضف
compose-picture-waits = ما زالت هذه الصورة تُجهَّز. ستظهر بعد لحظة.
compose-description = صفها لمن لا يستطيع رؤيتها
compose-description-hint = قل المهم: من أو ماذا، وأين، وما عليها من كلمات.
compose-focus = ما الذي يبقى ظاهرًا
compose-focus-label = موضعه
focus-middle = في الوسط
focus-top = في الأعلى
focus-bottom = في الأسفل
focus-left = على اليسار
focus-right = على اليمين
focus-top-left = أعلى اليسار
focus-top-right = أعلى اليمين
focus-bottom-left = أسفل اليسار
focus-bottom-right = أسفل اليمين
compose-remove-picture = أزل هذه الصورة
compose-options = إجابات للاختيار
compose-option = الإجابة { $count }
compose-lasts = مفتوح لمدة
lasts-5-minutes = 5 دقائق
lasts-1-hour = ساعة
lasts-6-hours = 6 ساعات
lasts-1-day = يوم
lasts-3-days = 3 أيام
lasts-7-days = 7 أيام
compose-multiple = يجوز اختيار عدة إجابات
compose-hide-totals = أظهر الأصوات في النهاية فقط
compose-visibility = من يستطيع رؤيته
compose-public = الجميع
compose-unlisted = الجميع بهدوء: ليس في الخيوط العامة
compose-private = المتابعون
compose-direct = المذكورون فقط
compose-local = على هذا الخادم فقط
compose-further = اللغة والردود والاقتباس والوقت
compose-sensitive = أخف الصور أولًا
compose-language-unsaid = غير محددة
compose-may-reply = من يمكنه الرد
compose-reply-everybody = كل من يراه
compose-reply-followers = المتابعون
compose-reply-following = من تتابعهم
compose-reply-mentioned = المذكورون فقط
compose-may-quote = من يمكنه اقتباسه
compose-quote-everybody = الجميع
compose-quote-followers = المتابعون
compose-quote-nobody = لا أحد
compose-when = انشره لاحقًا (اختياري)
compose-when-hint = الوقت بتوقيت { $zone }؛ بعد خمس دقائق على الأقل.
compose-post = انشر
compose-schedule = جدوِل
compose-save = احفظ التعديلات
compose-preview = معاينة
compose-keep = احفظ مسودة
compose-more = صورة واستطلاع والمزيد
compose-about-gone = ما يتعلق به هذا المنشور زال أو لا يحق لك رؤيته. نصك محفوظ.
compose-not-stored = لا يستطيع الخادم حفظ المنشورات الآن. نصك باقٍ في هذا النموذج؛ والقراءة تعمل.
reach-public =
    { $count ->
        [zero] لا متابعين لك بعد، ويستطيع الجميع إيجاده.
        [one] يصل إلى متابعك، ويستطيع الجميع إيجاده.
        [two] يصل إلى متابعَيك، ويستطيع الجميع إيجاده.
        [few] يصل إلى متابعيك وهم { $count }، ويستطيع الجميع إيجاده.
        [many] يصل إلى متابعيك وهم { $count }، ويستطيع الجميع إيجاده.
       *[other] يصل إلى متابعيك وهم { $count }، ويستطيع الجميع إيجاده.
    }
reach-unlisted =
    { $count ->
        [zero] لا متابعين لك بعد؛ ويقرؤه من يمر به.
        [one] يصل إلى متابعك؛ ويقرؤه من يمر به.
        [two] يصل إلى متابعَيك؛ ويقرؤه من يمر به.
        [few] يصل إلى متابعيك وهم { $count }؛ ويقرؤه من يمر به.
        [many] يصل إلى متابعيك وهم { $count }؛ ويقرؤه من يمر به.
       *[other] يصل إلى متابعيك وهم { $count }؛ ويقرؤه من يمر به.
    }
reach-private =
    { $count ->
        [zero] يصل إلى المذكورين وحدهم.
        [one] يصل إلى متابعك والمذكورين وحدهم.
        [two] يصل إلى متابعَيك والمذكورين وحدهم.
        [few] يصل إلى متابعيك وهم { $count } والمذكورين وحدهم.
        [many] يصل إلى متابعيك وهم { $count } والمذكورين وحدهم.
       *[other] يصل إلى متابعيك وهم { $count } والمذكورين وحدهم.
    }
reach-direct = لا يصل إلا إلى من تذكرهم. وقد يقرؤه من يدير خوادمهم.
reach-local = لا يراه إلا أهل هذا الخادم؛ ولا يخرج إلى غيره.
drafts = المسودات
drafts-empty = لا مسودات. ما تحفظه أثناء الكتابة يظهر هنا؛ وتبقى صور المسودة يومًا.
drafts-open = تابع الكتابة
delete-title = أتحذف هذا المنشور؟
delete-says = يزول هنا ويُطلب زواله من كل مكان أُرسل إليه. لا رجعة في ذلك.
delete-redraft = احذف واكتب من جديد
cancel = إلغاء
notice-posted = نُشر.
notice-scheduled = سيُنشر في ذلك الوقت.
notice-edited = حُفظت التعديلات.
notice-deleted = حُذف.
notice-redraft = حُذف؛ وما كتبته محفوظ في هذه المسودة.
notice-draft-kept = حُفظ مسودةً.
notice-draft-removed = رُميت.

## Notifications

tab-all = الكل
tab-mentions = الإشارات
tab-requests = الطلبات
notifications-empty = لم يحدث شيء بعد.
told-and-others =
    { $count ->
        [zero] وغيره
        [one] وشخص آخر
        [two] وشخصان آخران
        [few] و{ $count } آخرون
        [many] و{ $count } آخرون
       *[other] و{ $count } آخرون
    }
told-mention = ذكرك { $name }
told-status = نشر { $name }
told-reblog = شارك { $name } منشورك
told-favourite = أعجب { $name } منشورك
told-follow = يتابعك { $name }
told-follow-request = يطلب { $name } متابعتك
told-poll = انتهى استطلاع: { $name }
told-update = عدّل { $name } منشورًا
told-quote = اقتبس منك { $name }
told-quoted-update = عدّل { $name } منشورًا اقتبستَه
told-sign-up = أنشأ { $name } حسابًا
told-report = أرسل { $name } بلاغًا
told-other = حدث شيء: { $name }
told-your-post = منشورك
follow-requests = طلبات المتابعة
follow-requests-empty = لا أحد يطلب متابعتك.
filtered-notifications = مُنحّاة جانبًا
filtered-notifications-hint = إشعارات الغرباء تنتظر هنا حتى تسمح لها.
filtered-empty = لا شيء مُنحّى.
filtered-count =
    { $count ->
        [zero] لا إشعارات
        [one] إشعار واحد
        [two] إشعاران
        [few] { $count } إشعارات
        [many] { $count } إشعارًا
       *[other] { $count } إشعار
    }
filtered-count-most =
    { $count ->
        [zero] لا إشعارات
        [one] إشعار واحد على الأقل
        [two] إشعاران على الأقل
        [few] { $count } إشعارات على الأقل
        [many] { $count } إشعارًا على الأقل
       *[other] { $count } إشعار على الأقل
    }
filtered-accept = اسمح
filtered-dismiss = تجاهل

## Messages

messages-new = رسالة جديدة
messages-hint = لا يقرؤها إلا المذكورون. ليست مشفّرة: قد يقرؤها من يدير أحد الخوادم المعنية.
messages-empty = لا محادثات بعد.
messages-alone = ملاحظة لنفسك
messages-open = افتح
messages-remove = أزل من القائمة

## Search

tab-people = الأشخاص
tab-tags = الوسوم
search-label = كلمات أو اسم أو وسم أو عنوان
search-hint = عنوان منشور أو ملف تلصقه يُفتح هنا.
search-kinds = ما وُجد
search-nothing = لم يُعثر على شيء.
search-more = المزيد
search-unavailable = البحث لا يعمل الآن؛ وكل ما عداه يعمل. حاول لاحقًا.
search-help = كيف تبحث عن المنشورات
search-whose = تجد منشوراتك، وما كان لك به صلة، والعامة التي يسمح أصحابها.
search-phrase = هذه الكلمات بعينها
search-without = من دون هذه الكلمة
search-from = كتبه هذا الشخص
search-to = رد على هذا الشخص
search-has = بصور أو مقاطع؛ وكذلك poll وlink
search-is = رد؛ وكذلك sensitive
search-language = بهذه اللغة
search-before = قبل هذا اليوم؛ وكذلك after وduring
search-in = ما كان لك به صلة فقط؛ وكذلك public
search-sort = الأنسب أولًا؛ وإلا فالأحدث

## Explore, tags, lists

explore-busy = الأكثر استعمالًا مؤخرًا
explore-followed = وسوم تتابعها
explore-people = أشخاص قد يعجبونك
tag-uses =
    { $count ->
        [zero] بلا استعمال
        [one] استعمال واحد
        [two] استعمالان
        [few] { $count } استعمالات
        [many] { $count } استعمالًا
       *[other] { $count } استعمال
    }
followed-tags = الوسوم المتابعة
followed-tags-empty = لا تتابع وسومًا. افتح وسمًا واضغط متابعة: ستظهر منشوراته في رئيسيتك.
bookmarks-empty = لا محفوظات. لا يرى غيرك ما تحفظه.
favourites-empty = لا مفضلة بعد.
lists-empty = لا قوائم بعد. اجمع أشخاصًا واقرأهم على حدة.
lists-create = أنشئ قائمة
list-title = الاسم
list-replies = أي ردود تظهر فيها
list-replies-followed = على من أتابعه
list-replies-list = على من في القائمة
list-replies-none = لا شيء
list-exclusive = أخف أهلها من الرئيسية
list-members =
    { $count ->
        [zero] لا أحد فيها
        [one] شخص واحد فيها
        [two] شخصان فيها
        [few] { $count } أشخاص فيها
        [many] { $count } شخصًا فيها
       *[other] { $count } شخص فيها
    }
list-members-hint = أضف من تتابعهم من ملفاتهم.
list-change = عدّل هذه القائمة
list-delete = احذف هذه القائمة
list-empty = لا شيء من هؤلاء بعد.
remove = أزل

## Reporting, blocking

report-title = الإبلاغ عن { $handle }
report-who-reads = يقرؤه من يعتني بهذا الخادم. ولا يُخبَر من أبلغت عنه بهويتك.
report-category = ما الأمر؟
report-spam = رسائل مزعجة
report-violation = يخالف قواعد هذا الخادم
report-legal = يخالف القانون
report-other = شيء آخر
report-rules = أي قواعد؟
report-posts = أي منشورات؟
report-comment = ماذا ينبغي أن نعرف أيضًا؟
report-forward = أخبر خادمه أيضًا من دون اسمي
report-send = أرسل البلاغ
block-title = أتحظر هذا الشخص؟
block-says = لن يرى أحدكما منشورات الآخر ولن يستطيع متابعته.
mute-title = أتكتم هذا الشخص؟
mute-says = لن تصلك منشوراته بعد الآن ولن تسمع بما يفعل. لن يُخبَر، ويمكنك إنهاء ذلك من ملفه.
remove-title = أتزيل هذا المتابع؟
remove-says = لن يُخبَر، ويمكنه المتابعة مجددًا.
notice-list-deleted = حُذفت القائمة.
notice-conversation-removed = أُزيلت من القائمة.
notice-reported = شكرًا. سيُنظر في الأمر.
notice-let-in = سُمح به.
notice-kept-out = تم التجاهل.

## With scripts

home-new-posts = { $count } منشورات جديدة
keys = المفاتيح
key-next = المنشور التالي
key-previous = المنشور السابق
key-open = افتح المنشور
key-unfold = أظهر ما يخفيه التحذير
key-fresh = أظهر المنشورات الجديدة
key-go = الرئيسية؛ g n الإشعارات، g m الرسائل، g l القوائم

## About the server

about-title = حول { $name }
rules = القواعد
rules-none = لم تُكتب قواعد.
about-following = متابعة من هنا
about-following-says = تبدو الحسابات هنا هكذا: { $handle }. ضع اسمًا كهذا في خانة البحث في خادمك أو تطبيقك وتابع من هناك.
about-source = البرنامج وشيفرته المصدرية
about-source-says = يعمل هذا الخادم ببرنامج Dassie { $version }، وهو برنامج حر برخصة GNU Affero العامة، الإصدار 3 أو أحدث. لكل من يستعمله عبر الشبكة حق الحصول على شيفرة هذا الإصدار بعينه؛ ويعطيها من يدير الخادم عند الطلب.
document-changed = آخر تغيير في { $date }.
document-since = سارية منذ { $date }.
document-from = تسري ابتداءً من { $date }.
document-next = تليها نسخة أخرى في { $date }.
people-followers = من يتابع { $name }
people-following = من يتابعهم { $name }
people-empty = لا أحد يُعرض هنا.
settings-moving-here = الانتقال إلى هنا من حساب آخر
settings-moving-away = الانتقال إلى حساب آخر

## A try-out, and error pages

try-out-name = تجربة:
try-out-says = هذا الجهاز وحده يصل إلى هذا الخادم.
try-out-way = أعطه اسمًا
settings-name = اسم هذا الخادم
steps-name = أعط خادمك اسمًا
steps-name-why = حتى ذلك الحين لا يصل إليه إلا هذا الجهاز، ولا يستطيع أحد في مكان آخر متابعتك.
failure-again = حاول مرة أخرى
failure-to-form = العودة إلى النموذج

## Accessibility

accessibility = إمكانية الوصول
accessibility-says = ينبغي أن يستطيع الجميع القراءة والكتابة هنا بأي وسيلة يستعملونها.
accessibility-looked-at = ما يُفحص مع كل تغيير في البرنامج
accessibility-standard = الهدف هو WCAG 2.2 بالمستوى AA.
accessibility-audit = تُفحص كل الصفحات بأداة axe ومدقق HTML، فاتحة وداكنة ومن اليمين إلى اليسار.
accessibility-keyboard = يُكتب منشور بصورة ووصفها بلوحة المفاتيح وحدها.
accessibility-narrow = تُقرأ الصفحات في نوافذ عرضها 320 بكسل، أي تكبير 400٪.
accessibility-contrast = يُعدّل أي لون مميز حتى يمكن قراءته؛ وزيادة التباين خيارك أو خيار نظامك.
accessibility-scripts = كل شيء يعمل دون سكربتات، وفي متصفحات لا تعرض إلا النص.
accessibility-gaps = ما يُعرف أنه غير سليم
accessibility-gap-readers = لم يراجع أي إصدار بقارئ شاشة شخصٌ يعتمد عليه؛ الخطة لذلك مكتوبة في docs/ACCESSIBILITY.md.
accessibility-gap-alt = كثيرًا ما تخلو صور الخوادم الأخرى من الوصف، ولا يستطيع أحد هنا إضافته.
accessibility-gap-emoji = أسماء الرموز التعبيرية المكمَّلة عند الكتابة إنجليزية.
accessibility-gap-words = لم يراجع الألمانية والإسبانية والعربية متحدث أصلي بعد.
accessibility-write = إن لم يعمل شيء معك
accessibility-write-to = اكتب إلى { $address } واذكر ما استعملته وما حدث.
accessibility-write-program = أخبر من يدير هذا الخادم بما استعملته وما حدث.
