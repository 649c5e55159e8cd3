
## Words that are not lost

kept-title = Tu sesión se cerró
kept-says = No se publicó nada y nada se perdió: lo que escribiste está aquí. Inicia sesión, se abre junto a esta página; luego vuelve y continúa.
kept-sign-in = Iniciar sesión
kept-go-on = Seguir escribiendo
compose-session-new = Has iniciado sesión de nuevo desde que empezaste. Todo lo que escribiste está aquí: míralo otra vez y publica.
read-only-name = Solo lectura.
read-only-says = Este servidor no puede guardar nada ahora. Leer y buscar funcionan; lo que escribas queda en su formulario hasta que se pueda enviar.
disk-slow-name = Ahora va lento.
disk-slow-says = El disco de este servidor va lento: publicar tarda más de lo normal. Leer y buscar funcionan como siempre.
disk-stalled-name = Publicar tiene que esperar.
disk-stalled-says = El disco de este servidor no responde ahora. Leer y buscar funcionan; lo que escribas queda en su formulario hasta que se pueda enviar.
disk-full-name = El disco está lleno.
disk-full-says = Leer, buscar y borrar funcionan; se podrá publicar de nuevo cuando haya sitio. Lo que escribas queda en su formulario.

## Time zones

reading-zone = Zona horaria
reading-zone-told = La que dice este navegador: { $zone }
reading-zone-untold = La del navegador (por ahora UTC)
reading-zone-hint = En ella se muestran las horas de las páginas y se entienden las que escribes.

## Threads

compose-split = Un texto largo
compose-split-hint = Cada parte de un hilo responde a la anterior; las imágenes y encuestas van con la primera. La vista previa muestra las partes.
compose-split-not = queda en una publicación
compose-split-needed = se hace hilo, cortado solo donde es demasiado largo
compose-split-blank = se hace hilo, cortado en cada línea en blanco
compose-thread-long =
    { $count ->
        [one] Resulta en más de { $count } parte, el máximo de un hilo.
       *[other] Resulta en más de { $count } partes, el máximo de un hilo.
    }
compose-thread-later = Un hilo no se puede publicar más tarde; borra la hora o deja que sea una publicación.
compose-thread-stopped = De { $parts } partes, { $posted } están publicadas. Lo que queda está aquí y sigue detrás de ellas.
thread-part = Parte { $part } de { $parts }
notice-thread-posted = Publicado como hilo.

## With scripts: pictures, completion, keys

script-close = Cerrar
script-previous = Anterior
script-next = Siguiente
script-picture = Imagen
script-suggestions = sugerencias
key-picture = Imagen a tamaño completo
key-author = Perfil del autor
reading-keys = Teclas sueltas recorren las publicaciones y actúan sobre ellas
reading-keys-hint = j y k van de una publicación a otra, r responde; ? las muestra todas. Sin scripts no hay ninguna.

## Slow lines

media-load = Cargar imagen
media-load-size = Cargar imagen ({ $count } KB)
reading-light = Pocos datos: las imágenes son enlaces
reading-light-hint = También se omiten los retratos y las vistas previas. Un navegador que pide ahorrar datos lo recibe por sí solo.

## Notifications in the browser

settings-push = Notificaciones en este navegador
settings-push-hint = También sin ninguna página abierta
push-on = Este navegador muestra notificaciones de tu cuenta, también sin ninguna página abierta.
push-off = Este navegador no muestra notificaciones de tu cuenta si no hay una página abierta.
push-needs = Para empezar hay que permitir scripts y el navegador debe conocer web push; nada más en estas páginas los necesita.
push-refused = El navegador no lo permitió, o no se puede llegar a su servicio push.
push-what = De qué se te avisa
push-mention = Alguien te menciona
push-follow = Alguien te sigue
push-follow-request = Alguien pide seguirte
push-favourite = Alguien marca como favorita una publicación tuya
push-reblog = Alguien impulsa una publicación tuya
push-quote = Alguien te cita
push-poll = Una encuesta ha terminado
push-status = Alguien a quien sigues de cerca ha publicado
push-update = Se editó una publicación que impulsaste
push-start = Mostrar notificaciones
push-stop = No mostrarlas más
push-hint = Llegan por el servicio del fabricante del navegador, selladas para que solo este navegador pueda leerlas. Terminan cuando cierras la sesión aquí.
notice-push-off = Este navegador ya no muestra notificaciones.

## Shared by several

post-boosted-by-two = { $name } y { $other } impulsaron
post-boosted-by-more =
    { $count ->
        [one] { $name }, { $other } y { $count } persona más impulsaron
       *[other] { $name }, { $other } y { $count } más impulsaron
    }

## Away, and the first steps

away-title = Mientras no estabas
away-says = Te queda por leer más de lo que cabe aquí.
away-since =
    { $count ->
        [one] { $count } publicación desde entonces ({ $time }).
       *[other] { $count } publicaciones desde entonces ({ $time }).
    }
away-newest =
    { $count ->
        [one] La publicación más reciente ({ $count }).
       *[other] Las { $count } publicaciones más recientes.
    }
away-more = Las anteriores están en las páginas de inicio.
away-nothing = No hay nada que no hayas leído.
away-answers = Para ti
away-all-answers = Todas las menciones
away-links = Lo que señalan varias personas
away-people = Quién ha escrito
away-posts =
    { $count ->
        [one] { $count } publicación
       *[other] { $count } publicaciones
    }
away-pictures =
    { $count ->
        [one] { $count } imagen
       *[other] { $count } imágenes
    }
away-boosted = impulsó a { $name }
away-no-words = Sin palabras
away-whole = Leerlo todo en inicio
steps-title = Primeros pasos para tu servidor
steps-done = { $done } de { $count } están hechos.
steps-is-done = Hecho:
steps-backup = Di adónde van las copias de seguridad
steps-backup-why = Hasta entonces, un disco roto se lo lleva todo. Pon backup.to en la configuración.
steps-recovery = Imprime tu hoja de recuperación
steps-recovery-why = Con ella vuelves a entrar sin contraseña, incluso donde no se envía correo.
steps-keyed = Protege tu cuenta
steps-keyed-why = Quien tenga tu contraseña podría hacerlo todo aquí. Una llave de acceso o un segundo factor lo impide.
steps-second = Deja que otra persona pueda ayudar
steps-second-why = Si enfermas o estás de viaje, nadie más puede actuar: dassie user add NAME --role admin
steps-mail = Envía correo
steps-mail-why = Para contraseñas olvidadas y cartas sobre registros. Pon mail.host y mail.from en la configuración.
steps-rules = Escribe las normas
steps-rules-why = Las denuncias y las decisiones se apoyan en ellas: dassie instance rule add "Trata bien a la gente."
steps-put-away = No mostrar más
notice-steps-away = Guardado.

## Order in threads, and what is elsewhere

thread-order = Orden de las respuestas
thread-oldest = Primero las más antiguas
thread-followed = Primero las de quienes sigues
thread-at-origin = Seguir leyendo en { $host }
thread-look-again = Buscar respuestas nuevas

## Descriptions of pictures, and who gets it

compose-undescribed = Una imagen no tiene descripción: quien no puede verla se queda sin nada. Descríbela, o publica otra vez para dejarla así.
compose-undescribed-refused = Una imagen no tiene descripción, y elegiste no publicarlas así. No se ha publicado nada; tu texto se conserva.
compose-alone = No se nombra a nadie: solo tú lo verás. Nombra a alguien con @, o publica otra vez para guardarlo como nota para ti.
compose-alone-part = Una parte no nombra a nadie: solo tú la verás. Nombra a alguien con @ en cada parte, o publica otra vez para dejarlo así.
compose-camel = { $tag } se lee en voz alta como una sola palabra. Con una mayúscula en cada palabra, #ComoAquí, todo el mundo oye lo que dice.
reach-servers =
    { $count ->
        [one] También están en { $count } servidor más.
       *[other] También están en { $count } servidores más.
    }
posting-undescribed = Imágenes sin descripción
posting-undescribed-ask = preguntarme una vez antes de publicar
posting-undescribed-post = publicarlas
posting-undescribed-refuse = no publicarlas

## Quiet hours, and clearing notifications

notifications-clear = Quitar todas las notificaciones
clear-title = ¿Quitar todas las notificaciones?
clear-says = Desaparecen las que tienes ahora, leídas o no. No se puede deshacer; las publicaciones y los seguidores se quedan.
notice-cleared = Se han quitado todas las notificaciones.
quiet-title = Horas de silencio
quiet-says = Entre estas horas nada despierta tus dispositivos; lo que pase aparece igualmente en tus notificaciones. Las horas son las de { $zone }.
quiet-from = Desde
quiet-until = Hasta
quiet-end = Sin horas de silencio

## Finding more

begin-title = Dónde hay más gente
begin-says = Este servidor conoce aún a poca gente. Con cada persona que sigues conoce a más.
begin-search = Busca a alguien
begin-search-says = Escribe un nombre completo como @nombre@example.org, o pega la dirección de un perfil o de una publicación.
begin-import = Trae a quienes sigues
begin-import-says = Desde un archivo de tu cuenta anterior, o solo con su nombre.
begin-tags = Sigue etiquetas
begin-tags-says = Abre una etiqueta en cualquier publicación y síguela: lo que se publique con ella llega a tu inicio.
begin-profile = Di quién eres
begin-profile-says = Se sigue de vuelta a quien se reconoce: bastan una imagen y dos frases.
tab-links = Enlaces
narrow-says = Solo:
narrow-library = lo que tiene que ver conmigo
narrow-mine = lo mío
narrow-media = con imágenes
narrow-replies = sin respuestas

## Why nothing can be done now

failure-full = El disco de este servidor está lleno. Se puede leer y borrar; se podrá escribir cuando haya sitio.
failure-busy = El disco de este servidor no da abasto con lo que hay que escribir.
failure-opening = El almacén se está abriendo de nuevo; tarda un momento.
failure-read-only = Este servidor puede leer lo que tiene y no puede guardar nada. Quien lo lleva está al tanto.
failure-store = El almacén de este servidor lo rechazó.
failure-remote = Otro servidor, que hace falta para esto, no respondió.

## Posts, threads, writing

media-description = Descripción
react = Reaccionar con un emoji
reactions = Reacciones
react-emoji = Emoji
react-hint = Un emoji; o el :nombre: de uno de este servidor o de una imagen que alguien ya puso aquí.
notice-reacted = Tu reacción está ahí.
notice-unreacted = Tu reacción ya no está.
history-title = Lo que esta publicación fue antes
history-back = A la publicación
history-newest = Como es ahora, desde { $time }
history-edited = Como era desde { $time }
history-first = Como se publicó, { $time }
scheduled = Publicaciones programadas
scheduled-empty = Nada espera su hora.
scheduled-later = Las siguientes
scheduled-at = Cuándo se publica
scheduled-move = Publicar entonces
scheduled-draft = Volver a borradores
scheduled-cancel = No publicarla
notice-rescheduled = Se publicará a la nueva hora.
notice-unscheduled = No se publicará.
notice-unscheduled-draft = Vuelve a ser un borrador y ya no tiene hora.
asked-title = Espera tu palabra
asked-hint = Elegiste que te pregunten antes de responder a estas publicaciones, impulsarlas o marcarlas como favoritas. Hasta que lo permitas, nadie más lo ve.
asked-empty = Nada espera tu palabra.
asked-reply = { $name } quiere responder
asked-boost = { $name } quiere impulsar tu publicación
asked-favourite = { $name } quiere marcar tu publicación como favorita
asked-allow = Permitir
asked-refuse = Rechazar
notice-allowed = Permitido.
notice-refused = Rechazado.
act-revoke-quote = Quitar mi publicación de esta cita
revoke-title = ¿Quitar tu publicación de esta cita?
revoke-says = La otra publicación se queda y ya no muestra la tuya, aquí y en los servidores que se enteren. No se puede deshacer.
notice-quote-revoked = Tu publicación se quitó de la cita.
people-boosted = Quién impulsó esta publicación de { $name }
people-favourited = A quién le gustó esta publicación de { $name }
compose-reply-ask = Preguntarme cada vez
compose-kind = Cómo está escrita
compose-kind-plain = Como se lee
compose-kind-markdown = Markdown: *énfasis*, listas, citas
compose-unkept = No está entre tus borradores: { $why } Todo lo que escribiste está aquí.
compose-pictures-hint =
    { $count ->
        [one] Se pueden elegir varias a la vez, en total como mucho { $count } MB.
       *[other] Se pueden elegir varias a la vez, en total como mucho { $count } MB.
    }
compose-language-guess = adivinarlo por el texto
compose-language-guessed = El texto parece de este idioma: { $language }
notice-begun = Todo está listo. Saluda.
thread-continue =
    { $count ->
        [one] Seguir este hilo ({ $count } respuesta)
       *[other] Seguir este hilo ({ $count } respuestas)
    }
thread-all-replies =
    { $count ->
        [one] { $count } respuesta en total
       *[other] { $count } respuestas en total
    }
thread-hidden =
    { $count ->
        [one] Tus filtros ocultan { $count } publicación de este hilo.
       *[other] Tus filtros ocultan { $count } publicaciones de este hilo.
    }

## People, home, messages, search

tab-featured = Destacado
featured-empty = Aquí no se destaca nada.
featured-people = Gente recomendada
featured-sensitive = No todo el mundo quiere ver esto sin pedirlo. Mostrar
copy = Copiar
copied = Copiado
interact-follow = Seguir desde tu servidor
interact-post = Responder o impulsar desde tu servidor
interact-label = Tu nombre completo, para seguir desde tu servidor
interact-label-post = Tu nombre completo, para responder o impulsar desde tu servidor
interact-hint = Como @nombre@example.org. Se pregunta a tu servidor dónde lo haces y sigues allí.
interact-go = Continuar
interact-or-search = O pon esta dirección en el buscador de tu servidor:
interact-leads = Continuar en { $host }
interact-no-handle = «{ $handle }» no es un nombre completo; uno es como @nombre@example.org.
interact-nobody = Allí nadie se llama { $handle }.
interact-no-way = El servidor de { $handle } no dice dónde se hace esto. Pon la dirección de abajo en su buscador.
interact-no-answer = El servidor de { $handle } no dio una respuesta útil. ¿Está bien escrito? Si es así, inténtalo más tarde.
interact-not-found = No se encontró a qué se refiere esta dirección o este nombre, o su servidor no responde.
leaving-title = Esto está en otro servidor
leaving-says = { $host } lo muestra por su cuenta. El enlace de abajo se eligió allí y lleva fuera de aquí.
profile-block-server = Bloquear el servidor { $host }
profile-unblock-server = Desbloquear el servidor { $host }
server-block-says = Ya no verás nada de nadie de allí, y quien te sigue desde allí dejará de hacerlo. No se avisa a nadie.
server-unblock-says = Volverás a ver lo que dice la gente de allí. Quien te seguía tiene que volver a pedirlo.
notice-server-blocked = El servidor está bloqueado.
notice-server-unblocked = El servidor ya no está bloqueado.
mute-while = Silenciar un tiempo
mute-how-long = Cuánto tiempo
mute-hour = Una hora
mute-day = Un día
mute-week = Una semana
mute-month = 30 días
mute-notifications = También sus notificaciones
mute-until = hasta { $time }
messages-search = Buscar en tus mensajes
messages-all = Todas las conversaciones
messages-none-here = En esta página no hay nada de esta conversación.
messages-answer = Tu respuesta, a todos en esta conversación
messages-send = Enviar
tabs-timelines = Cronologías
tab-local = Este servidor
tab-known = Todos los servidores conocidos
tab-all-lists = Más listas
tags-timeline = Etiquetas que sigues
tags-timeline-says = Publicaciones públicas con alguna de las etiquetas que sigues.
local-timeline-says = Publicaciones públicas de la gente de aquí.
known-timeline-says = Publicaciones públicas de todos a los que sigue la gente de aquí, y de la gente de aquí.
timeline-empty = Aún no hay nada aquí.
home-read-since = Estuviste aquí, { $time }
home-boosts-apart = Poner aparte lo impulsado
home-boosts-among = Poner lo impulsado entre las publicaciones
relays-leave-out = Dejar fuera lo que vino por relés
relays-put-among = Mostrar también lo que vino por relés
announcement = Anuncio
announcement-until = Hasta { $time }
announcement-dismiss = Ya lo he leído
notice-announcement-dismissed = Se ha guardado.
tab-moderation = Moderación
told-added = { $name } te añadió a una colección
told-collection = { $name } cambió una colección en la que estás
blocked-servers = Servidores bloqueados
blocked-servers-say = Lo que quien lleva este servidor decidió sobre otros. De uno bloqueado no llega nada; de uno limitado, menos, solo para quien sigue a alguien allí.
blocked-servers-none = Ningún servidor está bloqueado.
blocked-servers-more = Más servidores bloqueados
blocked-wholly = bloqueado
blocked-limited = limitado
front-feed = Feed de estas publicaciones
rules-all = Todas las reglas
explore-newcomers = Gente nueva aquí
suggested-friends = La sigue gente a la que sigues
suggested-featured = Recomendado por quienes cuidan este servidor
suggested-popular = La sigue mucha gente, y ha publicado hace poco
narrow-films = con vídeos
search-scopes = Entre:
search-all = todo lo que puedes encontrar
search-home = tú y a quien sigues
search-public = lo que todos pueden encontrar
search-orders = Orden:
search-newest = lo más nuevo primero
search-best = lo mejor primero
search-more-posts = Más publicaciones
search-no-answer = No se pudo llegar a { $host }, o no tiene allí nada que se pueda mostrar aquí. ¿Está bien escrito? Si es así, inténtalo más tarde.
facet-month = Mes:
facet-author = De:
saved-searches = Búsquedas guardadas
saved-search-keep = Guardar esta búsqueda
saved-search-name = Su nombre
notice-search-saved = La búsqueda está guardada.
notice-search-forgotten = La búsqueda está olvidada.
home-shelf =
    { $count ->
        [one] { $count } publicación impulsada
       *[other] { $count } publicaciones impulsadas
    }
