## رسائل البريد

letter-hello = مرحبًا،
letter-confirm-subject = أكّد عنوانك في { $title }
letter-confirm =
    سجّل أحدهم، ولعله أنت، باسم { $handle } بهذا العنوان.

    لتأكيده افتح هذه الصفحة واضغط الزر فيها:

    { $link }

    يصلح الرابط سبعة أيام. إن لم تكن أنت فلا تفعل شيئًا: يبقى الحساب مغلقًا.
letter-reset-subject = كلمة سر جديدة في { $title }
letter-reset =
    يريد أحدهم، ولعله أنت، اختيار كلمة سر جديدة لـ { $handle }.

    افتح هذه الصفحة لذلك:

    { $link }

    يصلح الرابط ست ساعات ومرة واحدة. إن لم تكن أنت فلا تفعل شيئًا: تبقى كلمة سرك كما هي.
letter-approved-subject = أهلًا بك في { $title }
letter-approved =
    فُتح { $handle }: سجّل الدخول بأي تطبيق لماستودون، أو هنا:

    { $link }
letter-password-subject = غُيّرت كلمة سرك في { $title }
letter-password =
    غُيّرت كلمة سر { $handle }. على كل متصفح وتطبيق تسجيل الدخول من جديد، ولم تعد ورقة استرداد سابقة تسري.

    إن لم تكن أنت فاختر كلمة جديدة فورًا:

    { $link }
letter-strike-subject = قرار بشأن حسابك في { $title }
letter-strike =
    اتخذ القائمون على { $title } قرارًا بشأن { $handle }.

    ما هو ولماذا، وكيف تعترض خلال عشرين يومًا، تجده هنا:

    { $link }
letter-appeal-decided-subject = بُتّ في اعتراضك في { $title }
letter-appeal-decided =
    ما آل إليه اعتراض { $handle } تجده هنا:

    { $link }
letter-appeal-made-subject = اعتراض في { $title } ينتظر قرارًا
letter-appeal-made =
    اعترض أحدهم على قرار. اقرأه وقرّر هنا:

    { $link }
letter-new-address-subject = عنوانك الجديد في { $title }
letter-new-address =
    ستصل رسائل { $handle } إلى هذا العنوان من الآن.

    لتأكيده افتح هذه الصفحة واضغط الزر فيها:

    { $link }

    يصلح الرابط سبعة أيام. إن لم تكن أنت فلا تفعل شيئًا: تصل إلى حيث كانت تصل.
letter-address-to-change-subject = يُراد لرسائل { $title } أن تذهب إلى عنوان آخر
letter-address-to-change =
    أحدهم، ولعله أنت، يعرف كلمة سر { $handle } ويريد أن تذهب رسائله إلى عنوان آخر. تذهب إليه حين يُفتح رابط في رسالة إلى ذلك العنوان.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا، وانظر لمن صلاحية الدخول:

    { $link }

    { $access }
letter-address-changed-subject = تذهب رسائل { $title } الآن إلى عنوان آخر
letter-address-changed =
    تذهب رسائل { $handle } من الآن إلى عنوان آخر، ولا يصل إلى هذا العنوان شيء منها.

    إن لم تكن أنت فاكتب فورًا إلى القائمين على { $title }:

    { $about }
letter-second-on-subject = فُعّل التحقق بخطوتين في { $title }
letter-second-on =
    يحتاج الدخول باسم { $handle } الآن إلى رمز مع كلمة السر. على كل متصفح وتطبيق تسجيل الدخول من جديد.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا:

    { $link }
letter-second-off-subject = عُطّل التحقق بخطوتين في { $title }
letter-second-off =
    تكفي كلمة السر وحدها الآن للدخول باسم { $handle }. على كل متصفح وتطبيق تسجيل الدخول من جديد.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا وفعّله من جديد:

    { $link }
letter-codes-subject = نفدت رموزك الاحتياطية في { $title }
letter-codes =
    سُجّل الدخول بآخر رمز احتياطي لـ { $handle }. أنشئ رموزًا جديدة لتدخل من دون جهازك:

    { $security }

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا:

    { $link }
letter-passkey-added-subject = أُضيف مفتاح مرور في { $title }
letter-passkey-added =
    يستطيع أحدهم، ولعله أنت، الدخول باسم { $handle } بمفتاح مرور جديد.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا، وأزل المفتاح:

    { $link }

    { $passkeys }
letter-passkey-removed-subject = أُزيل مفتاح مرور في { $title }
letter-passkey-removed =
    أُزيل مفتاح مرور لـ { $handle }: لم يعد يُدخل أحدًا.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا:

    { $link }
letter-sheet-subject = أُنشئت ورقة استرداد في { $title }
letter-sheet =
    أحدهم، ولعله أنت، يعرف كلمة سر { $handle } وأنشأ ورقة استرداد: من كان عنده رمزها يستطيع اختيار كلمة سر أخرى. لم تعد ورقة سابقة تسري.

    إن لم تكن أنت فاختر كلمة سر جديدة فورًا، فلا تسري هذه الورقة أيضًا:

    { $link }
