
## Words that are not lost

kept-title = Tu sesión se cerró
kept-says = No se publicó nada y nada se perdió: lo que escribiste está aquí. Inicia sesión, se abre junto a esta página; luego vuelve y continúa.
kept-sign-in = Iniciar sesión
kept-go-on = Seguir escribiendo
compose-session-new = Has iniciado sesión de nuevo desde que empezaste. Todo lo que escribiste está aquí: míralo otra vez y publica.
read-only-name = Solo lectura.
read-only-says = Este servidor no puede guardar nada ahora. Leer y buscar funcionan; lo que escribas queda en su formulario hasta que se pueda enviar.

## Time zones

reading-zone = Zona horaria
reading-zone-told = La que dice este navegador: { $zone }
reading-zone-untold = La que diga el navegador; aún no ha dicho nada, así que UTC
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
