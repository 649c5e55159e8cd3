
## Settings

settings-back = ‹ Ajustes
settings-you = Tú
settings-profile = Perfil
settings-profile-hint = Nombre, biografía, imágenes, quién puede encontrarte y seguirte
settings-posting = Publicar
settings-posting-hint = Público, idioma, quién puede responder y citar, si no dices otra cosa
settings-reading = Aspecto y lectura
settings-reading-hint = Idioma de las páginas, avisos, imágenes
settings-tags = Etiquetas
settings-tags-hint = Las que sigues, las de tu perfil
settings-quiet = Tranquilidad
settings-filters = Filtros
settings-filters-hint = Palabras que prefieres no leer
settings-blocks = Personas bloqueadas
settings-blocks-hint = Ni te ven ni te alcanzan
settings-mutes = Personas silenciadas
settings-mutes-hint = No las ves; no lo saben
settings-domains = Servidores bloqueados
settings-domains-hint = Nada de allí te llega
settings-security = Seguridad
settings-access = Navegadores y aplicaciones
settings-access-hint = Dónde tienes la sesión abierta, a qué diste acceso
settings-password = Contraseña
settings-password-hint = Elige otra; todo lo demás se cierra
settings-data = Tus datos
settings-transfer = Importar y exportar
settings-transfer-hint = Trae o llévate a quién sigues, bloqueas y silencias, marcadores y listas
settings-moving-here-hint = Nombra la cuenta de la que vienes
settings-moving-away-hint = Lleva a tus seguidores a otra cuenta
settings-delete = Eliminar tu cuenta
settings-delete-hint = Con todo lo que contiene, para siempre
settings-email = Las cartas van a { $address }.
settings-your-password = Tu contraseña

## Settings: profile

profile-name = Nombre
profile-bio = Sobre ti
profile-bio-hint = Aquí funcionan enlaces, menciones y etiquetas.
profile-fields = Otros datos
profile-fields-hint = Tu página, tus pronombres, lo que quieras. Una página que enlaza aquí con rel="me" se muestra como comprobada.
profile-field-name = Nombre del dato { $count }
profile-field-value = Contenido del dato { $count }
profile-avatar = Imagen
profile-header = Imagen ancha
profile-picture = Elige una imagen
profile-another-picture = Elige otra imagen
profile-who-sees = Quién ve qué
profile-is-locked = Primero miro las solicitudes de seguimiento
profile-is-locked-hint = Si no, te sigue al momento quien quiera.
profile-is-discoverable = Se me puede sugerir a otras personas
profile-is-discoverable-hint = En el directorio, en sugerencias y entre lo más activo.
profile-is-indexable = Mis publicaciones públicas pueden encontrarse al buscar
profile-is-indexable-hint = Si no, solo las encuentra quien tuvo que ver con ellas.
profile-hides = Ocultar a quién sigo y quién me sigue
profile-shows-media = Mi perfil tiene una pestaña con imágenes
profile-shows-replies = Esa pestaña tiene también respuestas
profile-shows-featured = Mi perfil tiene una pestaña con lo que recomiendo
profile-is-bot = Esta cuenta es un programa
profile-is-bot-hint = Publica sobre todo por sí sola.
profile-domains = Sitios web que pueden nombrarte como autor
profile-domains-hint = Uno por línea. Solo estos pueden mostrar tu nombre junto a lo que publican.

## Settings: posting and reading

posting-language = Idioma en que escribes
posting-repliers-hint = Para publicaciones públicas y discretas. A quien nombras siempre puede responder.
posting-repliers-other = Como lo dejó una aplicación
posting-likes = Que los servidores sin reacciones muestren las mías como favorito
posting-likes-hint = Mastodon y otros no conocen las reacciones con emoji y las descartan. Enviada así, una reacción cuenta allí como favorito, signifique lo que signifique el emoji; los servidores que conocen las reacciones la muestran tal como es.
reading-language = Idioma de las páginas
reading-media = Imágenes
reading-media-default = Mostrarlas, salvo las delicadas
reading-media-all = Mostrarlas todas
reading-media-none = Ocultarlas hasta que las abra
media-folded =
    { $count ->
        [one] { $count } adjunto
       *[other] { $count } adjuntos
    }
reading-spoilers = Abrir enseguida las publicaciones con aviso
reading-apps-hint = Las aplicaciones también lo respetan, si lo preguntan.

## Settings: browsers and apps

access-browsers = Navegadores con la sesión abierta
access-applications = Aplicaciones a las que diste acceso
access-none = Ninguna aplicación tiene acceso.
access-unnamed = Un navegador que no dice su nombre
access-unknown = Una aplicación que ya no se conoce
access-since = sesión abierta { $time }
access-own = este mismo
access-given = acceso desde { $time }
access-may = Qué puede hacer
access-end = Quitar el acceso
access-end-others = Cerrar la sesión en los demás navegadores
notice-signed-out = Sesión cerrada allí.
notice-access-ended = Ya no tiene acceso.

## Two-factor authentication

settings-second-factor = Verificación en dos pasos
settings-second-factor-hint = Un código de tu teléfono además de la contraseña
second-factor-says = Para entrar harán falta tu contraseña y un código que genera un programa en tu teléfono. Quien solo averigüe tu contraseña no entra.
second-factor-program = 1. Tu programa
second-factor-scan = Haz que un programa que genera estos códigos (Aegis, 2FAS, un gestor de contraseñas) lea este cuadrado.
second-factor-square = Código cuadrado con el secreto, para una cámara
second-factor-secret = O escribe este secreto:
second-factor-open = Abrirlo en un programa de este dispositivo
second-factor-codes = 2. Códigos de reserva
second-factor-codes-say = Cada uno de estos códigos te deja entrar una vez si pierdes el teléfono. Imprime esta página o anótalos: solo se muestran aquí.
second-factor-confirm = 3. Confirmar
second-factor-code = Código que muestra ahora tu programa
second-factor-ends = Los demás navegadores y todas las aplicaciones tendrán que volver a entrar.
second-factor-turn-on = Activar
second-factor-since = Activada { $time }.
second-factor-codes-left =
    { $count ->
        [0] No queda ningún código de reserva.
        [one] Queda { $count } código de reserva.
       *[other] Quedan { $count } códigos de reserva.
    }
second-factor-new-codes = Códigos de reserva nuevos
second-factor-codes-replace = En cuanto continúes valen estos códigos y ninguno de los anteriores.
second-factor-codes-kept = Los tengo: que valgan estos
second-factor-off = Prescindir de ella
second-factor-turn-off = Desactivar
second-step = Un paso más
second-step-code = Código
second-step-note = Las seis cifras que muestra tu programa, o uno de tus códigos de reserva.
second-step-wrong = Este código es incorrecto, demasiado antiguo o ya se usó.
second-step-again = Entrar con otra cuenta
notice-second-factor-on = La verificación en dos pasos está activada.
notice-second-factor-off = La verificación en dos pasos está desactivada.
notice-second-factor-codes = Los códigos de reserva nuevos ya valen.

## Recovery sheet

settings-recovery = Hoja de recuperación
settings-recovery-hint = Un código en papel, por si olvidas la contraseña
recovery-sheet = Tu hoja de recuperación
recovery-says = Si olvidas la contraseña, con este código eliges otra sin necesidad de correo. Imprime esta página o anota el código y guárdalo donde solo tú lo encuentres: solo se muestra aquí. Vale una vez, y ya no si la contraseña se cambia de otro modo.
recovery-account = Cuenta
recovery-where = Dónde se escribe el código
recovery-made = Tienes una hoja, hecha { $time }. Abajo hay una nueva, que ocupará su lugar cuando digas que la tienes.
recovery-none = No tienes hoja de recuperación. Abajo hay una nueva, que vale en cuanto digas que la tienes.
recovery-print = Imprime esta página ahora o copia el código a mano.
recovery-keep = La tengo: que valga
recovery-use = Elegir una contraseña con tu hoja de recuperación
recovery-login = Nombre de usuario o dirección de correo
recovery-code = Código de tu hoja de recuperación
recovery-password = Contraseña nueva
recovery-password-note = Al menos 8 caracteres. Todos los navegadores y aplicaciones tendrán que volver a entrar, y la hoja queda gastada.
recovery-set = Poner contraseña
recovery-wrong = Este nombre y este código no van juntos, o el código ya se usó.
notice-recovery = La nueva hoja de recuperación ya vale.

## Settings: e-mail address

settings-email-change = Dirección de correo
settings-email-change-hint = Adónde van las cartas
email-none = No tienes dirección de correo aquí.
email-wanted = Una carta va en camino a { $address }; abre el enlace que lleva.
email-new = Dirección nueva
email-note = Allí llega una carta con un enlace. Hasta que se abra no cambia nada.
email-note-at-once = Este servidor no envía cartas; se cambia en el acto.
email-change = Cambiar dirección
email-confirm-says = Las cartas irán desde ahora a { $address }.
email-confirm = Confirmar
notice-email-asked = Mira tu correo: una carta con un enlace va en camino.
notice-email-changed = La dirección ha cambiado.
access-used = usado por última vez { $time }

## Passkeys

settings-passkeys = Llaves de acceso
settings-passkeys-hint = Entrar con un dedo, la cara o una llave
passkeys-say = Con una llave de acceso entras con lo que desbloquea tu dispositivo o tu llave de seguridad. Nadie puede adivinarla ni pedírtela en una página que solo se parece a esta. Tu contraseña sigue valiendo.
passkeys-none = Todavía no tienes llaves de acceso.
passkeys-need-script = Para añadir una llave de acceso esta página necesita scripts y un navegador que las conozca.
passkey-new = Llave de acceso nueva
passkey-name = Cómo la llamas
passkey-name-note = Tu teléfono, por ejemplo. Solo lo ves tú.
passkey-unnamed = Una llave de acceso sin nombre
passkey-added = añadida { $time }
passkey-add = Añadir una llave de acceso
passkey-remove = Quitar
passkey-enter = Entrar con una llave de acceso
passkey-failed = No salió bien. Puedes intentarlo otra vez.
passkey-wrong = Esta llave de acceso no se conoce aquí, o tardó demasiado.
notice-passkey-added = Desde ahora puedes entrar con esta llave de acceso.
notice-passkey-removed = La llave de acceso ya no deja entrar a nadie.

## Settings: blocks, mutes, servers

people-handle = Dirección
blocks-says = Las personas bloqueadas no pueden seguirte, ver lo que publicas ni alcanzarte. El seguimiento termina en ambos sentidos.
blocks-none = No bloqueas a nadie.
blocks-tell = Decírselo al otro servidor cuando bloqueo a alguien
blocks-tell-hint = Si no, solo se entera de que el seguimiento termina. Un servidor que lo sabe puede ocultar tus publicaciones a quien bloqueas; algunos le dicen que lo has hecho.
mutes-says = Lo que publican las personas silenciadas no te llega. Nadie se lo dice.
mutes-none = No silencias a nadie.
mutes-lasts = Por cuánto tiempo
mutes-for-ever = Hasta que lo cambie
mutes-notifications = Ocultar también las notificaciones
mutes-ends = hasta { $time }
lasts-30-days = 30 días
domains-says = Nada de los servidores bloqueados te llega, y tus seguidores de allí se quitan.
domains-name = Nombre del servidor
domains-block = Bloquear
domains-none = No bloqueas ningún servidor.
people-nobody = Nadie se llama { $name }.
people-silent = { $host } no dice quién es; quizá más tarde.

## Settings: filters

filters-says = Las publicaciones con estas palabras se tapan o se omiten. Las tuyas, nunca.
filters-none = Todavía no hay filtros.
filter-new = Filtro nuevo
filter-one = Filtro
filter-title = Nombre del filtro
filter-words = Palabras
filter-words-hint = Las mayúsculas no importan. Vacía una línea para quitar su palabra; guarda para tener más líneas.
filter-word = Palabra o frase { $count }
filter-word-how = Dónde cuenta la palabra { $count }
filter-whole = Palabras enteras
filter-anywhere = También dentro de palabras
filter-where = Dónde cuenta
filter-home = Inicio y listas
filter-public = Cronologías públicas
filter-thread = Conversaciones
filter-account = Perfiles
filter-what = Qué ocurre
filter-warn = Taparla; se muestra su nombre
filter-hide = Omitirla
filter-blur = Tapar sus imágenes
filter-lasts = Por cuánto tiempo
filter-keeps = Como está
filter-until = hasta { $time }
filter-try = Probarlo
filter-finds =
    { $count ->
        [one] Encontraría { $found } de la última { $count } publicación de tu inicio.
       *[other] Encontraría { $found } de las últimas { $count } publicaciones de tu inicio.
    }
notice-filter-removed = El filtro ya no está.

## Settings: hashtags

tags-followed = Etiquetas que sigues
tags-followed-hint = Las publicaciones con ellas aparecen en tu inicio.
tags-featured = Etiquetas en tu perfil
tags-featured-hint = Quien te visita encuentra tus publicaciones con ellas de un vistazo.
tags-name = Etiqueta
tags-follow = Seguir
tags-feature = Ponerla en mi perfil
tags-unfeature = Quitarla
tags-suggested = Las que más usas:
tags-none = Todavía ninguna.

## Settings: import and export

transfer-following = Personas que sigues
transfer-out = Llevarte
transfer-out-hint = Tablas (CSV) que leen Mastodon y la mayoría de los demás servidores.
transfer-take = Descargar
transfer-in = Traer
transfer-what = Qué contiene el archivo
transfer-file = Archivo
transfer-file-hint =
    { $count ->
        [one] Una tabla (CSV) como las escribe Mastodon, de { $count } fila como mucho.
       *[other] Una tabla (CSV) como las escribe Mastodon, de { $count } filas como mucho.
    }
transfer-mode = Qué pasa con lo que ya hay
transfer-merge = Se queda; se añade el archivo
transfer-overwrite = Lo que no está en el archivo se quita
transfer-bring = Traerlo
transfer-lately = Traído hace poco
transfer-look = Ver
transfer-under-way = en curso
transfer-over = terminado
transfer-progress = Hasta dónde ha llegado
transfer-done =
    { $count ->
        [one] { $done } de { $count } fila
       *[other] { $done } de { $count } filas
    }
transfer-taken =
    { $count ->
        [one] Se tomó { $count } fila.
       *[other] Se tomaron { $count } filas.
    }
transfer-refused =
    { $count ->
        [one] Se rechazó { $count } fila.
       *[other] Se rechazaron { $count } filas.
    }
transfer-removed =
    { $count ->
        [one] Se quitó { $count } entrada que no estaba en el archivo.
       *[other] Se quitaron { $count } entradas que no estaban en el archivo.
    }
transfer-goes-on = Sigue por sí solo, aunque dejes esta página. Se pregunta a los otros servidores uno tras otro; eso lleva un rato.
transfer-again = Mirar otra vez
transfer-refused-rows = Filas rechazadas
transfer-no-file = Elige primero un archivo.
refused-unreadable = Eso no es un nombre ni una dirección.
refused-unknown = No hay nadie, ni nada, con ese nombre.
refused-silent = El otro servidor no contestó. Puedes traer el archivo otra vez más tarde.
refused-not-allowed = No puede hacerse: un bloqueo, un límite o una cuenta que se mudó.
notice-import-begun = Se está leyendo el archivo.

## Settings: deleting the account

leave-owner = Este servidor es tuyo. Haz dueña a otra persona antes de irte.
leave-says = Antes de seguir, lee esto:
leave-posts = Tu perfil, tus publicaciones, imágenes, listas, seguimientos y marcadores se eliminan aquí.
leave-everywhere = Se pide a cada servidor que te conoce que los elimine también; que lo haga es cosa suya.
leave-name = Nadie vuelve a tener el nombre { $name }, tampoco tú.
leave-for-good = Esto no puede deshacerse.
leave-before = Antes quizá quieras:
leave-do = Eliminar mi cuenta para siempre
leave-wrong-password = Esa no es tu contraseña.

## Ajustes: mudanza

moving-here = Mudarse aquí desde otra cuenta
moving-here-title = Mudarse aquí
moving-here-says = Indica la cuenta que quieres dejar. Después inicia allí la mudanza: se pedirá a quienes la siguen que sigan a esta.
moving-remove = Quitar
moving-left = La cuenta que dejas
moving-name = Indicarla
moving-away = Mudarse a otro sitio
moving-away-title = Mudarse
moving-to = Mudarse a otra cuenta
moving-moved = Te has mudado a { $name }. Esta cuenta ya no puede publicar, impulsar ni seguir; lo que publicó se queda.
moving-back-says = Si anulas la mudanza, esta cuenta vuelve a actuar. Quienes se fueron no vuelven por sí solos.
moving-back = Anular la mudanza
moving-read = Antes de seguir, lee esto:
moving-followers = Quienes te siguen ({ $count }) seguirán a la cuenta nueva. Esto no se puede deshacer.
moving-stops = Esta cuenta no podrá publicar, impulsar, marcar favoritos, votar ni seguir; su página señalará la nueva.
moving-posts = Tus publicaciones se quedan aquí. No se mudan.
moving-alias = La cuenta nueva debe haber indicado antes esta como alias.
moving-new = La cuenta nueva
moving-password = Tu contraseña aquí
moving-do = Mudar a mis seguidores
moving-wait =
    Te has mudado hace poco. Puedes mudarte de nuevo dentro de { $count ->
        [one] { $count } día
       *[other] { $count } días
    }.
moving-again =
    No puedes mudarte de nuevo hasta pasados { $count ->
        [one] { $count } día
       *[other] { $count } días
    }.

## Settings: invites

settings-others = Otras personas
settings-invites = Invitaciones
settings-invites-hint = Deja entrar a alguien que conoces
invites-says = Quien abra el enlace de una invitación puede registrarse aquí, también cuando nadie más puede o los demás deben esperar. Respondes por quienes invitas.
invites-may-not = En este servidor no puedes hacer invitaciones.
invites-uses = Cuántas personas pueden venir
invites-people =
    { $count ->
        [one] { $count } persona
       *[other] { $count } personas
    }
invites-any-number = Cuantas quieran
invites-lasts = Cuánto tiempo vale
invites-for-ever = Hasta que la retire
lasts-30-minutes = 30 minutos
invites-autofollow = Quien venga me sigue
invites-comment = Para qué es
invites-comment-hint = Solo lo lees tú.
invites-make = Hacer una invitación
invites-came =
    { $count ->
        [one] vino { $count } persona
       *[other] vinieron { $count } personas
    }
invites-came-of =
    { $count ->
        [one] vino { $count } de { $most }
       *[other] vinieron { $count } de { $most }
    }
invites-until = hasta { $time }
invites-over = ya no vale
invites-autofollows = te siguen
invites-revoke = Retirar
notice-invite-made = La invitación está hecha: comparte su enlace.
notice-invite-revoked = Nadie más viene por ella.

## Settings: automatic deletion

settings-cleanup = Borrado automático
settings-cleanup-hint = Tus publicaciones antiguas se van solas
cleanup-says = Tus publicaciones más antiguas de lo que digas se borran aquí y en cada servidor que las tenga, unas cuantas por minuto, primero las más antiguas. No se puede deshacer.
cleanup-enabled = Borrar mis publicaciones antiguas
cleanup-enabled-hint = Empieza en cuanto guardes.
cleanup-age = Más antiguas que
cleanup-1-week = 1 semana
cleanup-2-weeks = 2 semanas
cleanup-1-month = 1 mes
cleanup-2-months = 2 meses
cleanup-3-months = 3 meses
cleanup-6-months = 6 meses
cleanup-1-year = 1 año
cleanup-2-years = 2 años
cleanup-stays = Lo que se queda
cleanup-keep-direct = Publicaciones para personas concretas
cleanup-keep-pinned = Publicaciones fijadas
cleanup-keep-polls = Encuestas
cleanup-keep-media = Publicaciones con imágenes
cleanup-keep-favourited = Publicaciones que marqué como favoritas
cleanup-keep-bookmarked = Publicaciones que guardé en marcadores
cleanup-min-favourites = Publicaciones con al menos tantos favoritos
cleanup-min-reblogs = Publicaciones impulsadas al menos tantas veces
cleanup-no-matter = da igual
cleanup-count = Solo contar
cleanup-would =
    { $count ->
        [0] Ahora no se iría ninguna publicación.
        [one] Ahora se iría { $count } publicación.
       *[other] Ahora se irían { $count } publicaciones.
    }
cleanup-would-more =
    { $count ->
        [one] Ahora se iría al menos { $count } publicación.
       *[other] Ahora se irían al menos { $count } publicaciones.
    }
cleanup-gone =
    { $count ->
        [one] Hasta ahora { $count } publicación se ha ido sola.
       *[other] Hasta ahora { $count } publicaciones se han ido solas.
    }
cleanup-under-way = Ahora mismo se van más.
cleanup-passed = Todo se revisó { $time }.
cleanup-take-along = Quizá antes quieras llevarte algo:

## Decisions about an account, and appeals

settings-strikes = Decisiones sobre tu cuenta
settings-strikes-hint = Lo que decidieron quienes cuidan este servidor, y cómo apelar
settings-staff = Cuidar este servidor
settings-appeals = Apelaciones
told-warning = Quienes cuidan este servidor han decidido algo sobre tu cuenta
told-warning-read = Qué y por qué
strikes-kept-out = Por ahora no puedes usar tu cuenta. Aquí puedes leer por qué y apelar.
strikes-none = Nadie ha decidido nada sobre tu cuenta.
strikes-back = ‹ Todas las decisiones
strike-title = Una decisión sobre tu cuenta
strike-none = Recibiste una advertencia
strike-disable = No puedes iniciar sesión
strike-sensitive = Tus imágenes se ocultan al principio
strike-silence = Solo te encuentran quienes te siguen
strike-suspend = Tu cuenta está suspendida
strike-holds = Vale hasta que se retire.
strike-over = Ya no vale.
strike-only-said = No tiene otras consecuencias.
strike-overruled = Retirada tras una apelación.
strike-overruled-at = Retirada tras una apelación { $time }.
strike-rules = Las reglas de las que trata
strike-posts = Las publicaciones de las que trata
strike-post-gone = borrada desde entonces
appeal-yours = Tu apelación
appeal-title = Apelar
appeal-says = Si crees que es un error, di por qué: una vez, hasta { $time }. Alguien que cuida este servidor lo lee y decide; te avisaremos.
appeal-text = Por qué es un error
appeal-send = Enviar la apelación
appeal-too-late = El plazo para apelar ha terminado.
appeal-pending = La apelación espera una decisión.
appeal-approved = La apelación fue aceptada.
appeal-rejected = La apelación fue rechazada.
appeal-grant = Aceptar: retirar la decisión
appeal-refuse = Rechazar: se queda
appeals-says = Aquí las personas dicen por qué una decisión sobre ellas es un error. Aceptar una apelación retira la decisión.
appeals-none = Ninguna apelación espera.
appeals-waiting =
    { $count ->
        [0] Ninguna espera
        [one] { $count } espera una decisión
       *[other] { $count } esperan una decisión
    }
notice-appeal-granted = Aceptada: la decisión se retira.
notice-appeal-refused = Rechazada: la decisión se queda.

## Settings: notifications

settings-notifications = Notificaciones
settings-notifications-hint = Cuáles llegan, cuáles se apartan
notify-says = Lo apartado espera hasta que dejes entrar a quien lo envía; lo descartado desaparece.
notify-accept = Dejar que lleguen
notify-filter = Apartarlas
notify-drop = Descartarlas
notify-not-following = De personas a las que no sigues
notify-not-following-hint = Hasta que las dejes entrar
notify-not-followers = De personas que no te siguen
notify-not-followers-hint = También de quienes te siguen desde hace menos de tres días
notify-new-accounts = De cuentas nuevas
notify-new-accounts-hint = Creadas en los últimos 30 días
notify-private = Menciones privadas inesperadas
notify-private-hint = Salvo que te respondan o sigas a quien escribe
notify-limited = De cuentas limitadas por la moderación
notify-limited-hint = Aquí, por quienes cuidan este servidor
notify-bots = De programas
notify-bots-hint = Cuentas que lo dicen de sí mismas
notify-waiting =
    { $count ->
        [0] Nadie espera
        [one] { $count } persona espera
       *[other] { $count } personas esperan
    }
notify-mail = Cartas
notify-mail-says = Las cartas van a { $address }: para confirmarla, para una contraseña nueva y cuando se decide algo sobre tu cuenta. Lo que pasa día a día no se envía por correo.
notify-no-mail = Este servidor no te envía cartas.

## The first run: people

people-title = Personas
people-step-says = Algunas preguntas más. Todas pueden esperar.
people-follow = ¿A quién conoces?
people-old-account = Una cuenta que tenías antes
people-old-account-hint = A quien siga en público lo sigues también aquí.
people-file = O una tabla de a quién seguías
people-try-out = Esto es una prueba sin nombre propio: no llega a otros servidores. Trae personas cuando tenga uno.
people-who-comes = ¿Quién puede venir aquí?
people-closed = Nadie
people-closed-hint = Nadie se registra y nadie hace invitaciones.
people-invite = Quien esté invitado
people-invite-hint = El registro está cerrado salvo para quien tenga una invitación.
people-approve = Quien dejes entrar
people-approve-hint = Cualquiera puede pedirlo; las invitaciones abren la puerta al momento.
people-open = Cualquiera
people-open-hint = Con reglas propias y tiempo para cuidar el lugar.
people-go-on = Continuar
people-later = Más tarde
transfer-from-account = Desde otra cuenta
transfer-ask = Leer a quién sigue
transfer-asking = Se pregunta al servidor de { $name } a quién sigue. Vuelve a mirar en un rato.
transfer-asked = { $name }: se trae a quien sigue.
transfer-asked-in-vain = { $name }: { $why }
transfer-cut = Puede haber más de lo que se pudo leer: trae de allí la tabla para el resto.
notice-people-come = Se las busca; las sigues una tras otra.

## Naming later, data, reports, colours, marks

notice-filters-brought = Los filtros están aquí.
transfer-tags = Etiquetas que sigues
settings-stored = Lo que se guarda sobre ti
settings-stored-hint = Cuánto hay de qué, y un archivo de ello
data-stored = Lo que hay
data-see = Ver
data-posts = Publicaciones
data-following = Personas que sigues
data-followers = Personas que te siguen
data-drafts = Borradores
data-scheduled = Publicaciones para más tarde
data-notes = Notas sobre personas
data-sessions = Navegadores con sesión
data-applications = Aplicaciones con acceso
data-imports = Archivos que trajiste
data-pictures = Imágenes
data-pictures-says =
    { $count ->
        [one] { $pictures }, { $size }, en tu última publicación
       *[other] { $pictures }, { $size }, en tus últimas { $count } publicaciones
    }
data-kilobytes =
    { $count ->
        [one] { $count } kB
       *[other] { $count } kB
    }
data-megabytes =
    { $count ->
        [one] { $count } MB
       *[other] { $count } MB
    }
data-about = Direcciones
data-no-email = No se guarda ninguna dirección de correo.
data-address = Tu cuenta se creó desde la dirección de red { $address }. Se guarda tanto como la cuenta, y la ven quienes cuidan del servidor.
data-no-address = No se guarda desde qué dirección de red se creó tu cuenta.
data-no-other-address = No se guarda ninguna otra dirección de red tuya: ni con tus sesiones ni en el registro. Contra avalanchas de peticiones se cuentan direcciones en memoria, y se olvidan cuando el servidor se detiene.
archive-title = Un archivo para llevarte
archive-says =
    { $count ->
        [one] Todo lo que escribiste, te gusta y guardas, con tus imágenes, en un solo archivo con la forma de los de Mastodon. Puedes pedirlo una vez por semana y llevártelo durante un día.
       *[other] Todo lo que escribiste, te gusta y guardas, con tus imágenes, en un solo archivo con la forma de los de Mastodon. Puedes pedirlo una vez por semana y llevártelo durante { $count } días.
    }
archive-ask = Pedir un archivo
archive-asked = Pedido { $time }
archive-writing = Se está escribiendo. Puedes cerrar esta página.
archive-progress = Cuánto lleva
archive-take = Llevarse el archivo
archive-until = Puedes llevártelo hasta { $time }.
archive-gone = Ese ya no está; puedes pedir otro.
archive-failed = No se pudo escribir o tuvo que dejar sitio. Pídelo de nuevo más tarde.
archive-too-large = Habría sido mayor de lo que puede ser aquí un archivo. Quien lleva el servidor puede ayudar.
notice-archive-begun = El archivo se está escribiendo.
settings-reports = Tus denuncias
settings-reports-hint = Qué fue de lo que denunciaste
reports-say = Quienes cuidan de este servidor leen cada denuncia. Lo que se decidió exactamente sobre alguien queda entre ellos.
reports-none = No has denunciado a nadie.
reports-among =
    { $count ->
        [one] Buscado en la última denuncia de este servidor.
       *[other] Buscado entre las últimas { $count } denuncias de este servidor.
    }
reports-gone = Alguien que ya no está
reports-posts =
    { $count ->
        [one] { $count } publicación
       *[other] { $count } publicaciones
    }
reports-forwarded = también se avisó a su servidor
reports-open = Espera a ser leída.
reports-closed = Se leyó y se cerró.
reports-acted = Se leyó, y se hizo algo.
reports-since = Se leyó, y desde entonces se hizo algo respecto a esta cuenta.
report-rules-without = Marcaste reglas, pero elegiste otra cosa. Elige que incumple reglas de este servidor, o desmárcalas.
reading-theme = Colores
theme-system = Como diga el sistema
theme-light = Claro
theme-dark = Oscuro
theme-contrast = Mucho contraste
push-test = Enviar una prueba
notice-push-test = Una prueba va camino de este navegador.
document-versions = Todas las versiones
marks-edit = Marcar varias
marks-title = { $list }: marcar varias
marks-which = ¿Cuáles?
marks-remove = Quitar estas de la lista
notice-marks-removed = Quitadas de la lista.

## Emoji of this server's own

settings-emoji = Emojis
settings-emoji-hint = Imágenes pequeñas que la gente de aquí escribe por su nombre
emoji-says = La gente de aquí escribe un emoji por su nombre entre dos puntos y reacciona con él. Otros servidores también muestran su imagen.
emoji-add-title = Añadir un emoji
emoji-picture = Imagen
emoji-picture-hint = PNG, GIF, WebP o JPEG, { $size } KiB como máximo. Una grande se reduce.
emoji-name = Nombre
emoji-name-hint = Letras de la a a la z, cifras y guiones bajos, dos como mínimo. No cambia después.
emoji-category = Encabezado
emoji-category-hint = Los selectores muestran los emojis debajo de él; puede quedar vacío.
emoji-add = Añadir
emoji-bring-title = Traer uno de otro servidor
emoji-bring-says = Uno que está en un perfil o una publicación que se conoce aquí. Ten en cuenta de quién es la imagen.
emoji-domain = Servidor
emoji-bring = Traerlo aquí
emoji-on-post = Emojis de esta publicación
emoji-on-post-none = Esta publicación no tiene ninguno de otro servidor.
emoji-taken = Aquí ya hay uno con este nombre.
emoji-count =
    { $count ->
        [one] { $count } emoji
       *[other] { $count } emojis
    }
emoji-none = Todavía no hay ninguno.
emoji-first = Desde el principio
emoji-further = Más emojis
emoji-hidden = no está en los selectores
emoji-disabled = desactivado
emoji-back = ‹ Emojis
emoji-made = Añadido { $time }
emoji-in-picker = Los selectores lo muestran
emoji-in-picker-hint = En cualquier caso se puede escribir por su nombre.
emoji-enabled = Se puede usar
emoji-enabled-hint = Si no, su nombre está donde estaba su imagen.
emoji-remove = Quitar
emoji-remove-title = ¿Quitar este emoji?
emoji-remove-says = Su imagen desaparece y su nombre queda donde se usó aquí. Otros servidores pueden conservar lo que tienen.
notice-emoji-made = El emoji se ha añadido.
notice-emoji-removed = El emoji se ha quitado.
act-bring-emoji = Traer sus emojis aquí

## Cuidar este servidor: relés

settings-relays = Relés
settings-relays-hint = Publicaciones públicas de muchos servidores, pasadas a este
relays-says = Un relé pasa publicaciones públicas de muchos servidores. Salen en la cronología de todos los servidores conocidos y bajo sus etiquetas, y dicen por qué relé vinieron; a nadie se le avisa de ellas, y nadie las impulsó.
relays-none = No hay ninguno.
relays-add-title = Pedir a un relé
relays-address = Dirección
relays-address-hint = Su buzón, que acaba en /inbox, o su actor. Una dirección con { "{tag}" } es un relé para cada etiqueta: se piden las que sigue la gente de aquí.
relays-tags = Solo con una de estas etiquetas
relays-tags-hint = Separadas por comas; vacío: todas. Nada, si la dirección es para etiquetas.
relays-languages = Solo en uno de estos idiomas
relays-languages-hint = Separados por comas; vacío: todos.
relays-per-hour = Publicaciones que se piden en una hora, como mucho
relays-add = Pedir
relays-asked = pedido
relays-accepted = aceptó
relays-refused = se negó
relays-paused-since = en pausa { $time }
relays-only-tags = solo { $tags }
relays-only-languages = solo en { $languages }
relays-hour = { $count } de { $most } publicaciones en esta hora
relays-of-tags =
    { $count ->
        [one] Se pide { $count } etiqueta que sigue la gente de aquí; como mucho { $most } en total.
       *[other] Se piden { $count } etiquetas que sigue la gente de aquí; como mucho { $most } en total.
    }
relays-today =
    { $count ->
        [one] { $count } publicación hoy
       *[other] { $count } publicaciones hoy
    }
relays-pause = Poner en pausa
relays-resume = Seguir
relays-leave = Dejar
notice-relay-asked = Se le pide al relé.
notice-relay-paused = No se toma nada de este relé ni se le da nada.
notice-relay-resumed = Este relé vuelve a pasar publicaciones.
notice-relay-left = El relé queda dejado.

## Looking after people: who waits to be let in, and reports

settings-waiting = Quién espera entrar
waiting-count =
    { $count ->
        [0] Nadie espera
        [one] Espera { $count } persona
       *[other] Esperan { $count } personas
    }
waiting-says = Estas personas se registraron. Hasta que alguien las admita, nadie ve su cuenta.
waiting-none = Nadie espera entrar.
waiting-unconfirmed = la dirección aún no está confirmada
waiting-no-reason = No se escribió ningún motivo.
waiting-let-in = Admitir
waiting-turn-away = No admitir
turn-away-title = ¿No admitir a esta persona?
turn-away-says = Se borra todo lo que envió; nadie podrá volver a registrarse con este nombre. No se puede deshacer.
told-sign-up-waits = Admitir o no
notice-turned-away = No se admite.
settings-open-reports = Denuncias
open-reports-count =
    { $count ->
        [0] Ninguna está abierta
        [one] { $count } está abierta
       *[other] { $count } están abiertas
    }
open-reports-open = Abiertas
open-reports-closed = Cerradas
open-reports-none = No hay ninguna denuncia.
open-reports-back = ‹ Todas las denuncias
open-report-about = Denuncia sobre { $handle }
open-report-by = Enviada por { $name } { $time }
open-report-silenced = Esta cuenta está limitada.
open-report-suspended = Esta cuenta está suspendida.
open-report-assigned = { $name } se ocupa de ella.
open-report-resolved = Cerrada por { $name } { $time }.
open-report-work = Trabajar en la denuncia
open-report-assign = Me ocupo yo
open-report-unassign = Ya no me ocupo
open-report-resolve = Cerrar la denuncia
open-report-reopen = Abrir la denuncia de nuevo
open-report-account = Actuar sobre la cuenta
open-report-may-not = No puedes actuar sobre esta cuenta.
open-report-silence = Limitar la cuenta
open-report-unsilence = Dejar de limitarla
open-report-suspend = Suspender la cuenta
open-report-unsuspend = Dejar de suspenderla
silence-title = ¿Limitar a { $handle }?
silence-says = Solo sus seguidores encuentran lo que escribe; los demás no lo hallan ni en las cronologías públicas ni en las búsquedas. La denuncia se cierra. Se puede retirar.
suspend-title = ¿Suspender a { $handle }?
suspend-says = Desaparece enseguida para todos aquí, y quien es de este servidor ya no puede usar la cuenta. La denuncia se cierra. Se puede retirar, pero con alguien de otro servidor los seguimientos terminan para siempre.
deed-why = Por qué (opcional)
deed-why-hint = Quien es de este servidor lo lee y puede apelar. También queda en el registro de moderación.
notice-report-resolved = La denuncia está cerrada.
notice-report-reopened = La denuncia está abierta de nuevo.
notice-taken-back = Retirado.
notice-silenced = La cuenta está limitada y la denuncia, cerrada.
notice-suspended = La cuenta está suspendida y la denuncia, cerrada.
