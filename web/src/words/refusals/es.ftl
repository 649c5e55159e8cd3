## Rechazos

why-text-long = El texto tiene { $a } caracteres; se admiten { $b } como máximo.
why-post-large = La publicación es demasiado grande: { $a } bytes; { $b } como máximo.
why-mentions = La publicación menciona { $a } cuentas; se admiten { $b } como máximo.
why-edits = La publicación se ha editado { $a } veces; no se puede más.
why-text-blank = Escribe algo o añade una imagen.
why-poll-and-pictures = Una publicación tiene una encuesta o imágenes, no ambas cosas.
why-poll-options = La encuesta tiene { $a } respuestas; necesita 2 como mínimo y puede tener { $b }.
why-poll-option = Una respuesta de la encuesta tiene { $a } caracteres; 1 como mínimo y { $b } como máximo.
why-poll-lasts = La encuesta dura { $a } segundos; { $b } como mínimo y { $c } como máximo.
why-poll-ended = La encuesta ya ha terminado.
why-poll-voted = Ya has votado.
why-poll-choose = Elige primero una respuesta.
why-files = Se pueden adjuntar { $a } imágenes como máximo.
why-medium = Una imagen ya no está o ya figura en otra publicación; añádela de nuevo.
why-file-blank = Elige primero un archivo.
why-file-kind = No se admiten archivos así; sí estos: { $a }
why-picture = No se puede leer la imagen; quizá esté dañada.
why-picture-large = La imagen tiene { $a } por { $b } píxeles; { $c } como máximo en total.
why-file-large = El archivo es demasiado grande: { $a } bytes; { $b } como máximo.
why-description-long = Una descripción tiene { $a } caracteres; { $b } como máximo.
why-later-past = La hora debe ser dentro de cinco minutos como mínimo.
why-later-unread = No se puede leer la hora.
why-later-far = La hora está a más de { $a } días.
why-later-many = Pueden esperar { $a } publicaciones por día como máximo.
why-drafts = Tienes { $a } borradores; { $b } como máximo. Elimina uno primero.
why-pins = Has fijado todas las publicaciones que se pueden.
why-pin-boost = No se puede fijar lo impulsado.
why-author = Quien lo escribió no lo permite.
why-has-moved = Esta cuenta se ha mudado; solo la nueva puede hacerlo.
why-share = Esta publicación no se puede impulsar.
why-not-allowed = Eso no está permitido.
why-follows = Sigues { $a } cuentas; no se puede más.
why-tags = Tienes ahí { $a } etiquetas; no se puede más.
why-tag = Eso no es una etiqueta: letras, cifras y guiones bajos.
why-lists = Tienes { $a } listas; no se puede más.
why-title-blank = Ponle un nombre.
why-title-long = El nombre tiene { $a } caracteres; { $b } como máximo.
why-filters = Tienes { $a } filtros; no se puede más.
why-context = Elige dónde actúa el filtro.
why-keyword-blank = Una palabra de un filtro necesita al menos una letra.
why-keyword-long = Una palabra del filtro tiene { $a } caracteres; { $b } como máximo.
why-keywords = Un filtro tiene { $a } palabras como máximo; todos juntos, { $b }.
why-domains = Bloqueas { $a } servidores; no se puede más.
why-domain = Eso no es el nombre de un servidor.
why-fields = El perfil tiene { $a } campos; { $b } como máximo.
why-name-taken = Este nombre de usuario ya está en uso.
why-name-letters = Un nombre de usuario solo lleva las letras de la a a la z, cifras y guiones bajos.
why-agreement = Acepta primero las normas.
why-reason-blank = Di por qué quieres unirte.
why-reason-long = El motivo tiene más de { $a } caracteres.
why-name-longer = El nombre de usuario tiene más de { $a } caracteres.
why-address-provider = Aquí no se admiten direcciones de este proveedor.
why-password-blank = Elige una contraseña.
why-password-shorter = La contraseña tiene menos de { $a } caracteres.
why-password-longer = La contraseña tiene más de { $a } bytes.
why-birth = Indica tu fecha de nacimiento.
why-birth-young = Eres demasiado joven para este servidor.
why-name-reserved = Este nombre de usuario está reservado.
why-name-blank = Elige un nombre de usuario.
why-name-long = El nombre de usuario tiene { $a } caracteres; { $b } como máximo.
why-address-taken = Esta dirección de correo ya está en uso.
why-address = Esto no es una dirección de correo.
why-password-short = La contraseña tiene { $a } caracteres; { $b } como mínimo.
why-password-long = La contraseña tiene { $a } bytes; { $b } como máximo.
why-sign-in = Este nombre y esta contraseña no se corresponden.
why-suspended = Esta cuenta está suspendida.
why-disabled = El acceso a esta cuenta está desactivado.
why-unconfirmed = La dirección de correo aún no está confirmada.
why-unapproved = Nadie que cuide de este servidor te ha dejado entrar todavía.
why-not-password = Esta no es tu contraseña.
why-nobody = Nadie se llama { $a }.
why-silent = { $a } no dice quién es; quizá más tarde.
why-move = { $a } no puede mudarse a { $b }.
why-move-moved = { $a } se ha mudado a su vez.
why-move-alias = { $a } no nombra { $b } como alias.
why-move-lately = { $a } se ha mudado hace poco; de nuevo en { $b } días.
why-move-back = { $a } no se ha mudado.
why-alias-self = { $a } no es un alias de sí misma.
why-aliases = { $a } tiene { $b } alias; { $c } como máximo.
why-long = Uno de los textos tiene { $b } caracteres; { $c } como máximo.

## Listas y temas
why-tag-named = { $a } no es una etiqueta.
why-topics = Eliges { $a } etiquetas; al principio { $b } como máximo.
why-list-large = La lista tiene { $a } bytes; { $b } como máximo.
why-list-long = La lista nombra más de { $a } servidores.
why-list-empty = La lista no nombra ningún servidor que se pueda leer.
why-list-form = Esto no es una lista de servidores; mira su línea { $a }.
why-list-none = Trae una lista, o nombra un servidor cuya lista sea.
why-list-much = Di cuánto de la lista se debe tomar.
why-list-busy = Todavía se bloquean los servidores de otra lista.
why-list-server = { $a } no es un nombre de servidor.
why-list-hidden = { $a } no muestra qué servidores bloquea.
why-list-self = { $a } es este servidor.
why-list-spared = Dejas fuera { $a } servidores; { $b } como máximo.

## Quiet hours

why-clock = { $a } no es una hora del día; escríbela como { $b }.

## Filters from a file, archives

why-file-filters = El archivo tiene { $a } filtros; como mucho { $b }.
why-file-no-filters = El archivo no contiene filtros que se puedan leer.
why-file-moment = Un filtro del archivo acaba en un momento que no se puede leer.
why-archive-week = Se puede pedir un archivo una vez por semana.
why-archive-day = Un archivo que no salió adelante se puede volver a pedir al cabo de un día.
why-archive-room = Otros archivos ocupan todo el espacio que hay para ellos; vuelve a pedirlo dentro de unos días.
why-sign-in-first = Inicia sesión primero.

## Emoji of this server's own

why-emoji-name = Un nombre tiene de { $a } a { $b } letras de la a a la z, cifras y guiones bajos.
why-emoji-taken = Ya hay un emoji con este nombre.
why-emoji-many = Hay { $a } emojis; { $b } como máximo.
why-emoji-large = Un emoji animado tiene como máximo { $c } píxeles por lado; este tiene { $a } por { $b }.
why-emoji-unknown = Aquí no se conoce ningún emoji de ese servidor con ese nombre.
why-emoji-away = Su servidor no da la imagen ahora.
why-relays = Hay { $a } relés; no caben más.
why-relay-address = Esa no es la dirección de un relé: { $a }
why-relay-suspended = { $a } está suspendido aquí.
why-relay-filters = { $a } etiquetas o idiomas; como mucho { $b }.
why-relay-hour = { $a } publicaciones en una hora; como mínimo { $b } y como mucho { $c }.
why-relay-none = No hay ningún relé { $a }.
why-relay-twice = { $a } ya tiene aquí un relé para etiquetas: { $b }
why-relay-tags = A un relé para etiquetas se le piden las que sigue la gente de aquí; deja vacío el campo de etiquetas.
why-number = Uno de los números no se puede leer.
