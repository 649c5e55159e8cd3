# Las palabras de las páginas en español.

## The frame of every page

skip-to-content = Saltar al contenido
skip-to-navigation = Saltar a la navegación
lab-name = Laboratorio.
lab-says = Un lugar para probar cosas: nada aquí es real.
nav-server = Este servidor
nav-main = Principal
nav-about = Acerca de
nav-home = Inicio
nav-notifications = Notificaciones
nav-unread = sin leer
nav-compose = Nueva publicación
nav-search = Buscar
nav-messages = Mensajes
nav-explore = Explorar
nav-bookmarks = Marcadores
nav-favourites = Favoritos
nav-lists = Listas
nav-settings = Ajustes
nav-menu = Menú
sign-in = Entrar
sign-out = Salir
sign-up = Crear cuenta
footer-runs = { $domain } funciona con Dassie { $version }, software libre.
about = Acerca de
privacy = Privacidad
source-code = Código fuente
language = Idioma
language-hint = Las palabras de estas páginas. Lo que escribe la gente queda como lo escribió.
password = Contraseña
moving = Mudanza
front-page = Portada
save = Guardar

## Times

january = enero
february = febrero
march = marzo
april = abril
may = mayo
june = junio
july = julio
august = agosto
september = septiembre
october = octubre
november = noviembre
december = diciembre
date = { $day } de { $month } de { $year }
date-and-time = { $date }, { $time } { $zone }
just-now = ahora
minutes-ago = { $count } min
hours-ago = { $count } h
days-ago =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }

## Numbers with their nouns

replies =
    { $count ->
        [one] { $count } respuesta
       *[other] { $count } respuestas
    }
noun-replies =
    { $count ->
        [one] respuesta
       *[other] respuestas
    }
noun-boosts =
    { $count ->
        [one] impulso
       *[other] impulsos
    }
noun-favourites =
    { $count ->
        [one] favorito
       *[other] favoritos
    }
noun-people =
    { $count ->
        [one] persona
       *[other] personas
    }
noun-posts =
    { $count ->
        [one] publicación
       *[other] publicaciones
    }
noun-servers =
    { $count ->
        [one] otro servidor conocido
       *[other] otros servidores conocidos
    }
noun-followers =
    { $count ->
        [one] seguidor
       *[other] seguidores
    }
noun-followed =
    { $count ->
        [one] seguido
       *[other] seguidos
    }

## Posts

post-boosted-by = { $name } impulsó
post-pinned = Fijada
post-answers = Responde a { $name }
post-filtered = Filtrado: { $name }
post-show = (mostrar la publicación)
post-quoted = La publicación citada
post-quote-hidden = Una publicación citada que no se puede mostrar.
post-quote-waits = Una publicación citada; su autor todavía no ha dado su acuerdo.
post-quote-unasked = Cita una publicación; a su autor no se le preguntó, o no ha dado su acuerdo.
post-edited = editada { $time }
audience-public = Todo el mundo
audience-unlisted = Todo el mundo, en silencio
audience-private = Seguidores
audience-direct = Solo las personas nombradas
audience-local = Solo en este servidor
post-through = por { $relay }
post-through-former = por un relé
act-reply = Responder
act-boost = Impulsar
act-boosted = Impulsada
act-favourite = Favorito
act-favourited = En favoritos
act-bookmark = Guardar
act-bookmarked = Guardada
act-more = Más
act-quote = Citar
act-edit = Editar
act-pin = Fijar en mi perfil
act-unpin = Dejar de fijar
act-mute-thread = Silenciar esta conversación
act-unmute-thread = Dejar de silenciar la conversación
act-open-original = Abrir en su servidor
act-link = Enlace a esta publicación
act-delete = Borrar
act-mention = Mencionar a quien lo escribió
act-mute-author = Silenciar a { $name }
act-block-author = Bloquear a { $name }
act-report = Denunciar
newer-posts = Publicaciones más recientes
older-posts = Publicaciones anteriores
pager = Más publicaciones

## Pictures and polls

media-sensitive =
    { $count ->
        [one] Delicado: { $count } adjunto
       *[other] Delicado: { $count } adjuntos
    }
media-undescribed = Imagen sin descripción
media-without-description = Sin descripción
media-opens-at = Se abre en { $host }
media-picture = Imagen
media-moving-picture = Imagen animada
media-film = Vídeo
media-sound = Audio
media-file = Archivo
poll = Encuesta
poll-votes =
    { $count ->
        [one] { $count } voto
       *[other] { $count } votos
    }
poll-multiple = se permiten varias respuestas
poll-closed-on = cerrada { $time }
poll-open-until = abierta hasta { $time }
poll-closed = cerrada
poll-own-vote = tu voto
poll-choose-one = Elige una respuesta
poll-choose-several = Elige una o más respuestas
poll-vote = Votar

## Threads and tags

thread-title = { $name }: «{ $text }»
thread-heading = Publicación de { $name }
thread-replies = Respuestas
thread-more = Más respuestas
thread-start = A las primeras respuestas
thread-unseen-parent = una publicación que no se muestra aquí
thread-missing =
    { $count ->
        [one] Según otros servidores, falta aquí { $count } respuesta más.
       *[other] Según otros servidores, faltan aquí { $count } respuestas más.
    }
tag-empty = Ninguna publicación pública conocida aquí lleva esta etiqueta.

## The front page

front-lead = Un pequeño servidor para personas, parte del fediverso: sigue a quien quieras de aquí desde cualquier servidor.
front-unowned = Este servidor aún no tiene dueño.
front-unowned-hint = Quien lo inició encuentra en su salida un enlace con un código de un solo uso; vale 30 minutos y cada inicio crea uno nuevo.
front-more = Reglas y más sobre este servidor
privacy-policy = Política de privacidad
terms-of-service = Condiciones de uso
front-said-here = Dicho aquí
front-empty = Todavía no se ha publicado nada.
front-approval = Alguien que cuida de este servidor lee lo que escribes y te deja entrar.
front-closed = Gente nueva: preguntad a quien lo lleva; nadie puede crear una cuenta por sí mismo.
front-who-runs-it = Quién lo lleva
front-write-to = Escribe a { $address }

## Profiles

profile-empty = Aquí no hay publicaciones públicas.
profile-empty-blocked = Bloqueas a { $name }: sus publicaciones no se muestran.
profile-moved = Se ha mudado a { $handle }
profile-memorial = En memoria de { $name }.
profile-since = Aquí desde el { $date }.
profile-since-there = En { $host } desde el { $date } como muy tarde.
profile-numbers-said = Estas cifras son las que da { $host }.
profile-numbers-known = Estas cifras cuentan solo lo que se conoce aquí.
profile-numbers-mixed = Algunas de estas cifras son las que da { $host }; las demás cuentan solo lo que se conoce aquí.
profile-number-said = según { $host }
profile-number-known = conocido aquí
profile-follow-hint = Para seguir, pon { $handle } en el buscador de tu servidor o aplicación.
profile-locked = Las solicitudes se revisan primero.
profile-bot = Automatizada
profile-group = Grupo
profile-verified = Comprobado el { $date }: esa página enlaza de vuelta aquí.
profile-edit = Editar perfil
profile-requested-by = { $name } pide seguirte.
request-accept = Aceptar
request-decline = Rechazar
profile-follow = Seguir
profile-request = Solicitar seguir
profile-unfollow = Dejar de seguir
profile-unrequest = Retirar la solicitud
profile-unblock = Desbloquear
profile-mention = Mencionar
profile-message = Escribir en privado
profile-follows-you = Te sigue
profile-you-follow = Le sigues
profile-you-mute = Silenciado
profile-you-block = Bloqueado
profile-blocks-you = Te bloquea
profile-domain-blocked = Bloqueas este servidor
profile-notify = Avisarme de cada publicación
profile-unnotify = No avisarme de cada publicación
profile-hide-boosts = Ocultar impulsos
profile-show-boosts = Mostrar impulsos
profile-remove-follower = Quitar de mis seguidores
profile-mute = Silenciar
profile-unmute = Dejar de silenciar
profile-block = Bloquear
profile-note = Tu nota
profile-note-hint = Solo tú la ves.
tabs-posts = Qué publicaciones
tab-posts = Publicaciones
tab-posts-and-replies = Publicaciones y respuestas
tab-media = Multimedia

## Home

home-empty = Aún no hay nada. Sigue a algunas personas y lo que digan aparecerá aquí.
home-no-more = No hay más por aquí.
home-mark-read = Marcar todo como leído
home-read-line = A partir de aquí ya lo has leído

## What was just done

notice-boosted = Impulsada.
notice-unboosted = Ya no está impulsada.
notice-favourited = Añadida a tus favoritos.
notice-unfavourited = Quitada de tus favoritos.
notice-bookmarked = Añadida a tus marcadores.
notice-unbookmarked = Quitada de tus marcadores.
notice-thread-muted = No sabrás más de esta conversación.
notice-thread-unmuted = Volverás a saber de esta conversación.
notice-pinned = Fijada en tu perfil.
notice-unpinned = Ya no está fijada.
notice-followed = Hecho: sigues, o tu solicitud está en camino.
notice-unfollowed = Ya no sigues.
notice-saved = Guardado.
notice-muted = Silenciado.
notice-unmuted = Ya no está silenciado.
notice-blocked = Bloqueado.
notice-unblocked = Ya no está bloqueado.
notice-request-accepted = Aceptada: ahora te sigue.
notice-request-declined = Rechazada.
notice-follower-removed = Ya no te sigue.
notice-voted = Tu voto cuenta.
notice-read = Marcado como leído.

## What did not work

failure-invalid = Eso no funcionó
failure-invalid-says = Algo de lo enviado no es correcto. No se cambió nada.
failure-unauthorized = Entra primero
failure-unauthorized-says = Esta página es para quien ha entrado.
failure-forbidden = No permitido
failure-forbidden-says = No puedes hacer esto, o tu formulario era demasiado antiguo. No se cambió nada.
failure-not-found = Aquí no hay nada
failure-not-found-says = No existe esa página, o no es para todo el mundo. Quizá la dirección tiene un error.
failure-method = Así no
failure-method-says = Esta dirección no se puede usar así.
failure-conflict = Algo fue más rápido
failure-conflict-says = Se cambió lo mismo en el mismo momento. Inténtalo de nuevo.
failure-gone = Estuvo aquí
failure-gone-says = Lo que había aquí lo borró quien lo escribió.
failure-too-large = Demasiado grande
failure-too-large-says = Lo enviado es más grande de lo que acepta este servidor. No se cambió nada.
failure-misdirected = Otro servidor
failure-misdirected-says = Este servidor no responde por ese nombre.
failure-too-many = Un momento, por favor
failure-too-many-says = Llegaron demasiadas peticiones tuyas en poco tiempo. No se pierde nada.
failure-unavailable = Ahora no
failure-unavailable-says = El servidor no puede hacerlo ahora. Lo guardado está a salvo.
failure-defect = Algo salió mal
failure-defect-says = La culpa es nuestra y está en el registro. Lo guardado está a salvo.
failure-other = No es posible
failure-other-says = El servidor no pudo hacer lo que se pidió.
failure-retry-seconds =
    { $count ->
        [one] Inténtalo de nuevo en un segundo.
       *[other] Inténtalo de nuevo en { $count } segundos.
    }
failure-retry-minutes =
    { $count ->
        [one] Inténtalo de nuevo en un minuto.
       *[other] Inténtalo de nuevo en { $count } minutos.
    }
failure-kept = Tu texto se conserva aquí
failure-request = Petición

## Writing

compose-edit = Editar publicación
compose-drafts =
    { $count ->
        [one] { $count } borrador
       *[other] { $count } borradores
    }
compose-answers = Respondes a { $name }
compose-quotes = Citas a { $name }
compose-text = ¿Qué quieres decir?
compose-chars =
    { $count ->
        [one] Como máximo { $count } carácter.
       *[other] Como máximo { $count } caracteres.
    }
compose-warning = Aviso (opcional)
compose-warning-hint = Se muestra en lugar del texto hasta que alguien lo abre.
compose-picture = Imagen
compose-another-picture = Otra imagen
compose-attach = Añadir
compose-picture-waits = Esta imagen aún se prepara. Estará en un momento.
compose-description = Descríbela para quien no puede verla
compose-description-hint = Di lo importante: quién o qué, dónde, y las palabras que lleve.
compose-focus = Qué mantener a la vista
compose-focus-label = Dónde está
focus-middle = en el centro
focus-top = arriba
focus-bottom = abajo
focus-left = a la izquierda
focus-right = a la derecha
focus-top-left = arriba a la izquierda
focus-top-right = arriba a la derecha
focus-bottom-left = abajo a la izquierda
focus-bottom-right = abajo a la derecha
compose-remove-picture = Quitar esta imagen
compose-options = Respuestas para elegir
compose-option = Respuesta { $count }
compose-lasts = Abierta durante
lasts-5-minutes = 5 minutos
lasts-1-hour = 1 hora
lasts-6-hours = 6 horas
lasts-1-day = 1 día
lasts-3-days = 3 días
lasts-7-days = 7 días
compose-multiple = Se pueden elegir varias respuestas
compose-hide-totals = Mostrar los votos solo al final
compose-visibility = Quién puede verlo
compose-public = Todo el mundo
compose-unlisted = Todo el mundo, en silencio: no en cronologías públicas
compose-private = Seguidores
compose-direct = Solo las personas nombradas
compose-local = Solo en este servidor
compose-further = Idioma, respuestas, citas, hora
compose-sensitive = Ocultar las imágenes al principio
compose-language-unsaid = sin indicar
compose-may-reply = Quién puede responder
compose-reply-everybody = Quien lo vea
compose-reply-followers = Seguidores
compose-reply-following = Las personas que sigues
compose-reply-mentioned = Solo las personas nombradas
compose-may-quote = Quién puede citarla
compose-quote-everybody = Todo el mundo
compose-quote-followers = Seguidores
compose-quote-nobody = Nadie
compose-when = Publicar más tarde (opcional)
compose-when-hint = La hora es la de { $zone }; al menos dentro de cinco minutos.
compose-post = Publicar
compose-schedule = Programar
compose-save = Guardar cambios
compose-preview = Vista previa
compose-keep = Guardar como borrador
compose-more = Imagen, encuesta, más
compose-about-gone = Aquello de lo que trata ya no está o no puedes verlo. Tu texto se conserva.
compose-not-stored = El servidor no puede guardar publicaciones ahora. Tu texto sigue en este formulario; leer funciona.
reach-public =
    { $count ->
        [one] Lo recibe tu { $count } seguidor y cualquiera puede encontrarlo.
       *[other] Lo reciben tus { $count } seguidores y cualquiera puede encontrarlo.
    }
reach-unlisted =
    { $count ->
        [one] Lo recibe tu { $count } seguidor; puede leerlo quien pase por aquí.
       *[other] Lo reciben tus { $count } seguidores; puede leerlo quien pase por aquí.
    }
reach-private =
    { $count ->
        [one] Lo reciben tu { $count } seguidor y las personas nombradas, nadie más.
       *[other] Lo reciben tus { $count } seguidores y las personas nombradas, nadie más.
    }
reach-direct = Solo lo reciben las personas que nombras. Quien lleva sus servidores podría leerlo.
reach-local = Solo lo ve la gente de este servidor; no sale de aquí.
drafts = Borradores
drafts-empty = No hay borradores. Lo que guardes al escribir aparece aquí; las imágenes se conservan un día.
drafts-open = Seguir escribiendo
delete-title = ¿Borrar esta publicación?
delete-says = Desaparece aquí y se pide que desaparezca de donde se envió. No se puede deshacer.
delete-redraft = Borrar y volver a escribir
cancel = Cancelar
notice-posted = Publicado.
notice-scheduled = Se publicará a esa hora.
notice-edited = Cambios guardados.
notice-deleted = Borrada.
notice-redraft = Borrada; lo que escribiste queda como este borrador.
notice-draft-kept = Guardado como borrador.
notice-draft-removed = Descartado.

## Notifications

tab-all = Todo
tab-mentions = Menciones
tab-requests = Solicitudes
notifications-empty = Aún no ha pasado nada.
told-and-others =
    { $count ->
        [one] y { $count } más
       *[other] y { $count } más
    }
told-mention = { $name } te mencionó
told-status = { $name } publicó
told-reblog = { $name } impulsó tu publicación
told-favourite = A { $name } le gusta tu publicación
told-follow = { $name } te sigue
told-follow-request = { $name } pide seguirte
told-poll = Terminó una encuesta: { $name }
told-update = { $name } editó una publicación
told-quote = { $name } te citó
told-quoted-update = { $name } editó una publicación que citaste
told-sign-up = { $name } creó una cuenta
told-report = { $name } envió una denuncia
told-other = Pasó algo: { $name }
told-your-post = tu publicación
follow-requests = Solicitudes de seguimiento
follow-requests-empty = Nadie pide seguirte.
filtered-notifications = Apartadas
filtered-notifications-hint = Las notificaciones de desconocidos esperan aquí hasta que las admitas.
filtered-empty = No hay nada apartado.
filtered-count =
    { $count ->
        [one] { $count } notificación
       *[other] { $count } notificaciones
    }
filtered-count-most =
    { $count ->
        [one] Al menos { $count } notificación
       *[other] Al menos { $count } notificaciones
    }
filtered-accept = Admitir
filtered-dismiss = Descartar

## Messages

messages-new = Nuevo mensaje
messages-hint = Solo pueden leerlos las personas nombradas. No van cifrados: quien lleva un servidor implicado podría leerlos.
messages-empty = Aún no hay conversaciones.
messages-alone = Una nota para ti
messages-open = Abrir
messages-remove = Quitar de la lista

## Search

tab-people = Personas
tab-tags = Etiquetas
search-label = Palabras, un nombre, una etiqueta o una dirección
search-hint = Una dirección pegada de una publicación o un perfil se abre aquí.
search-kinds = Lo encontrado
search-nothing = No se encontró nada.
search-more = Más
search-unavailable = La búsqueda no funciona ahora; todo lo demás sí. Inténtalo más tarde.
search-help = Cómo buscar publicaciones
search-whose = Se encuentran tus publicaciones, aquellas con las que has tratado y las públicas cuyos autores lo permiten.
search-phrase = exactamente estas palabras
search-without = sin esta palabra
search-from = escrito por esa persona
search-to = una respuesta a esa persona
search-has = con imágenes, vídeos o audio; también poll, link
search-is = una respuesta; también sensitive
search-language = en este idioma
search-before = antes de ese día; también after, during
search-in = solo aquello con lo que has tratado; también public
search-sort = primero lo que mejor encaja; si no, lo más nuevo

## Explore, tags, lists

explore-busy = Muy usadas últimamente
explore-followed = Etiquetas que sigues
explore-people = Personas que te podrían interesar
tag-uses =
    { $count ->
        [one] { $count } uso
       *[other] { $count } usos
    }
followed-tags = Etiquetas seguidas
followed-tags-empty = No sigues etiquetas. Abre una y pulsa Seguir: sus publicaciones aparecerán en tu inicio.
bookmarks-empty = No hay marcadores. Solo tú ves lo que guardas.
favourites-empty = Aún no hay favoritos.
lists-empty = Aún no hay listas. Reúne a algunas personas y léelas aparte.
lists-create = Crear lista
list-title = Nombre
list-replies = Qué respuestas aparecen
list-replies-followed = a cualquiera que sigo
list-replies-list = a personas de la lista
list-replies-none = ninguna
list-exclusive = Quitar a sus personas del inicio
list-members =
    { $count ->
        [one] { $count } persona en ella
       *[other] { $count } personas en ella
    }
list-members-hint = Añade personas que sigues desde su perfil.
list-change = Cambiar esta lista
list-delete = Borrar esta lista
list-empty = Aún no hay nada de estas personas.
remove = Quitar

## Reporting, blocking

report-title = Denunciar a { $handle }
report-who-reads = Lo lee quien cuida de este servidor. A quien denuncias no se le dice quién fue.
report-category = ¿De qué se trata?
report-spam = Es spam
report-violation = Rompe reglas de este servidor
report-legal = Va contra la ley
report-other = Otra cosa
report-rules = ¿Qué reglas?
report-posts = ¿Qué publicaciones?
report-comment = ¿Qué más debería saberse?
report-forward = Avisar también a su servidor, sin mi nombre
report-send = Enviar la denuncia
block-title = ¿Bloquear a esta persona?
block-says = No veréis las publicaciones del otro y ninguno podrá seguir al otro.
mute-title = ¿Silenciar a esta persona?
mute-says = Sus publicaciones ya no te llegan y no sabrás de lo que haga. No se le avisa; puedes deshacerlo en su perfil.
remove-title = ¿Quitar a este seguidor?
remove-says = No se le avisa y podrá volver a seguirte.
notice-list-deleted = La lista ya no está.
notice-conversation-removed = Quitada de la lista.
notice-reported = Gracias. Se revisará.
notice-let-in = Admitido.
notice-kept-out = Descartado.

## With scripts

home-new-posts = { $count } publicaciones nuevas
keys = Teclas
key-next = publicación siguiente
key-previous = publicación anterior
key-open = abrir la publicación
key-unfold = mostrar lo que oculta un aviso
key-fresh = mostrar publicaciones nuevas
key-go = inicio; g n notificaciones, g m mensajes, g l listas

## About the server

about-title = Acerca de { $name }
rules = Reglas
rules-none = No se han escrito reglas.
about-following = Seguir a gente de aquí
about-following-says = Las cuentas de aquí son como { $handle }. Pon un nombre así en el buscador de tu servidor o aplicación y sigue desde allí.
about-source = El programa y su código fuente
about-source-says = Este servidor usa Dassie { $version }, software libre bajo la GNU Affero General Public License, versión 3 o posterior. Quien lo usa por la red puede tener el código fuente de exactamente esta versión; quien lleva el servidor lo da si se le pide.
document-changed = Último cambio el { $date }.
document-since = En vigor desde el { $date }.
document-from = En vigor a partir del { $date }.
document-next = Le sigue otra versión el { $date }.
people-followers = Quién sigue a { $name }
people-following = A quién sigue { $name }
people-empty = Aquí no se muestra a nadie.
settings-moving-here = Mudarse aquí desde otra cuenta
settings-moving-away = Mudarse a otra cuenta

## A try-out, and error pages

try-out-name = Una prueba:
try-out-says = solo esta máquina puede llegar a este servidor.
try-out-way = Darle un nombre
settings-name = El nombre de este servidor
steps-name = Dale un nombre a tu servidor
steps-name-why = Hasta entonces solo esta máquina puede llegar a él, y nadie de fuera puede seguirte.
failure-again = Intentar de nuevo
failure-to-form = Volver al formulario

## Accessibility

accessibility = Accesibilidad
accessibility-says = Todo el mundo debería poder leer y escribir aquí, con lo que use para ello.
accessibility-looked-at = Lo que se comprueba con cada cambio del programa
accessibility-standard = El objetivo es WCAG 2.2, nivel AA.
accessibility-audit = Todas las páginas se comprueban con axe y un validador de HTML, en claro, oscuro y de derecha a izquierda.
accessibility-keyboard = Se escribe solo con el teclado una publicación con una imagen y su descripción.
accessibility-narrow = Las páginas se leen en ventanas de 320 píxeles de ancho, que equivalen a un zoom del 400 %.
accessibility-contrast = Cualquier color de acento se cambia hasta que se puede leer; más contraste lo eliges tú o tu sistema.
accessibility-scripts = Todo funciona sin scripts, y en navegadores que solo muestran texto.
accessibility-gaps = Lo que se sabe que no está bien
accessibility-gap-readers = Ninguna versión ha sido revisada con un lector de pantalla por alguien que dependa de él; el guion está en docs/ACCESSIBILITY.md.
accessibility-gap-alt = Las imágenes de otros servidores a menudo no tienen descripción; aquí nadie puede añadirla.
accessibility-gap-emoji = Los nombres de los emojis que se completan al escribir están en inglés.
accessibility-gap-words = El alemán, el español y el árabe aún no los ha leído ningún hablante nativo.
accessibility-write = Si algo no te funciona
accessibility-write-to = Escribe a { $address } y di qué usaste y qué pasó.
accessibility-write-program = Di a quien lleva este servidor qué usaste y qué pasó.
