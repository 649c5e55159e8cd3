
## Words that are not lost

kept-title = انتهت جلستك
kept-says = لم يُنشر شيء ولم يضع شيء: ما كتبته هنا. سجّل الدخول في صفحة تفتح بجانب هذه، ثم عد وتابع.
kept-sign-in = تسجيل الدخول
kept-go-on = تابع الكتابة
compose-session-new = سجّلت الدخول من جديد منذ أن بدأت. كل ما كتبته هنا: راجعه مرة أخرى ثم انشر.
read-only-name = للقراءة فقط.
read-only-says = لا يستطيع هذا الخادم حفظ أي شيء الآن. القراءة والبحث يعملان؛ وما تكتبه يبقى في نموذجه حتى يمكن إرساله.

## Time zones

reading-zone = المنطقة الزمنية
reading-zone-told = كما يقول هذا المتصفح: { $zone }
reading-zone-untold = كما يقول المتصفح؛ لم يقل شيئًا بعد، فهي UTC
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
