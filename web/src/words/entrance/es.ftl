## Entrada

naming-title = Primer inicio
naming-question = ¿Cómo se llama este servidor?
naming-says = Con este nombre se encontrará a la gente de aquí, y no se puede cambiar una vez que otros servidores lo conozcan. Hace falta un dominio, o un nombre bajo uno, que lleve a esta máquina o a tu router.
naming-name = Nombre del servidor
naming-who-keeps = ¿Quién guarda el certificado, sin el que nadie puede conectarse?
naming-own = Este servidor, por sí mismo
naming-own-says = Necesita { $ports } para sí. No hay que instalar nada más.
naming-two-ports = los puertos { $one } y { $two }
naming-one-port = el puerto { $one }
naming-proxy = Un proxy que tengo delante
naming-proxy-says = Debe pasarlo todo a { $address }, con la cabecera Host tal como llegó.
naming-shorter = Nombres bajo un dominio más corto
naming-shorter-label = Lo que va tras la @, si no es el nombre
naming-shorter-says = El servidor de allí debe traer aquí tres direcciones; la página siguiente dice cuáles.
naming-look = Mirar si funciona
naming-try = Probarlo primero solo en esta máquina
naming-try-says = Así nadie más puede llegar a él. Puedes ponerle nombre más tarde, mientras no se haya enviado nada a otro servidor.
naming-looking = Mirando { $name }
naming-looking-says = Adónde lleva el nombre, si los puertos están libres, si se puede obtener un certificado. Tarda unos segundos.
naming-not-yet = Todavía no
naming-works = { $name } funciona
naming-redirects = El servidor del dominio más corto debe traer aquí estas direcciones:
naming-proxies = Para nginx y Caddy
naming-proxies-nginx = nginx, en el bloque server del dominio más corto:
naming-proxies-caddy = Caddy, en el bloque del sitio del dominio más corto:
naming-put-right = Arréglalo y vuelve a mirar; no se ha cambiado nada.
naming-take = Usar este nombre
naming-again = Mirar otra vez
naming-another = Otro nombre
naming-anew = El servidor empieza de nuevo
naming-anew-says = Ya tiene su nombre y enseguida responde con él. La página va allí sola.
naming-go-on = Seguir
naming-fine = Bien:
naming-unclear = Mira:
naming-wrong = Mal:
first-welcome = Te damos la bienvenida
first-says = Este servidor aún no es de nadie. Elige un nombre y una contraseña, y es tuyo.
first-do = Hacer mío este servidor
entry-email-optional = Dirección de correo (opcional)
entry-username = Nombre de usuario
entry-username-says = Letras, cifras y guiones bajos; no se puede cambiar después. Serás { $handle }.
entry-password = Contraseña
entry-password-says = 8 caracteres como mínimo.
entry-login = Nombre de usuario o dirección de correo
entry-forgot = ¿Olvidaste la contraseña?
entry-sign-up = Registrarse
entry-email = Dirección de correo
entry-birth = Fecha de nacimiento
entry-birth-says = Debes tener { $years } años como mínimo. La fecha no se guarda.
entry-reason = ¿Por qué quieres unirte?
entry-reason-optional = ¿Por qué quieres unirte? (opcional)
entry-reason-says = Alguien que cuida de este servidor lo lee y te deja entrar.
entry-rules = Normas
entry-agree = Acepto comportarme aquí como huésped
entry-agree-rules = Acepto estas normas
entry-instead = Iniciar sesión
entry-confirm = Confirma tu dirección
entry-confirm-says = ¿Es tuya { $address }?
entry-confirm-do = Sí, confirmarla
entry-stale = Este enlace ya no vale
entry-stale-says = Ya se usó, es demasiado antiguo o se envió uno más nuevo.
entry-choose = Elige una contraseña nueva
entry-letter = Recibirás una carta con un enlace en la dirección con la que te registraste.
entry-letter-do = Enviarme un enlace
entry-no-mail = Este servidor no envía correo. Sin una hoja de recuperación, pide una contraseña nueva a quien lo administra.
entry-new-password = Contraseña nueva
entry-all-again = Todos los navegadores y aplicaciones tendrán que iniciar sesión de nuevo, y una hoja de recuperación anterior ya no vale.
entry-set = Guardar la contraseña
entry-change = Cambia tu contraseña
entry-current = Contraseña actual
entry-others-again = Los demás navegadores y todas las aplicaciones tendrán que iniciar sesión de nuevo, y una hoja de recuperación anterior ya no vale.
entry-change-do = Cambiar la contraseña
entry-mail = Mira tu correo
entry-mail-says = Una carta con un enlace va de camino. Ábrelo para confirmar tu dirección.
entry-waiting = Alguien te dejará entrar
entry-waiting-says = Alguien que cuida de este servidor lee lo que escribiste. Podrás iniciar sesión cuando te haya dejado entrar.
entry-come-in = Ya puedes iniciar sesión, aquí o con cualquier aplicación de Mastodon.
entry-confirmed = Tu dirección está confirmada
entry-reset-says = Si alguien de aquí tiene esta dirección, va hacia ella una carta con un enlace. Vale seis horas.
entry-holds = Tu contraseña nueva ya vale
entry-front = Portada
entry-done = Hecho

## Invites
entry-uninvited = Esta invitación ya no es válida
entry-uninvited-says = Su plazo terminó, se agotó o fue retirada. Pide otra a quien te la dio.
entry-uninvited-open = Registrarse sin ella
entry-about = Qué es este servidor
entry-invited = { $name } te invita a { $domain }.

## Ways in without mail
entry-email-changed = Tu dirección ha cambiado
entry-email-changed-says = Los mensajes llegarán allí a partir de ahora.

## Temas, y servidores de los que alejarse
people-topics = ¿Qué te gusta?
people-topics-hint = Sigues estas etiquetas, y lo que se publica con ellas sale en tu inicio. Las publicaciones de otros servidores solo llegan cuando alguien de aquí sigue a quien las escribe, o por un relé: en un servidor nuevo eso tarda un poco.
people-topics-offered = presentación fotografía arte música libros cine ciencia historia naturaleza jardinería gatos cocina bicicleta juegos softwarelibre tecnología
people-topics-more = Otras etiquetas
people-blocks = ¿De qué servidores alejarse?
people-blocks-says = Este programa no trae ninguna lista: usa una de gente en la que confíes. Verás cifras antes de que se bloquee nada.
people-blocks-none = De ninguno
people-blocks-none-hint = Puedes bloquear servidores más tarde, uno a uno o con una lista.
people-blocks-light = Ligero
people-blocks-light-hint = Solo lo que la lista suspende: de allí no llega nada, allí no va nada.
people-blocks-careful = Prudente
people-blocks-careful-hint = Toda la lista, como dice: algunos se suspenden, otros solo los ve quien sigue a alguien de allí.
people-blocks-file = Un archivo
people-blocks-file-hint = Una tabla como las de Mastodon, Oliphant, Fediseer o IFTAS, o un dominio por línea; como máximo { $count } servidores.
people-blocks-server = O un servidor cuya lista sea
people-blocks-server-hint = Muchos servidores dicen a todo el mundo a cuáles bloquean.
blocks-reading-title = La lista está en camino
blocks-reading = Se pregunta a { $server } qué servidores bloquea. Tarda unos segundos; no se bloquea nada antes de que veas las cifras.
blocks-failed = No llegó ninguna lista
blocks-nothing-done = No se ha bloqueado nada por ella.
blocks-another = Usar otra lista
blocks-title = Lo que bloquearía la lista
blocks-from = De { $source }.
blocks-how-much = ¿Cuánto de ella?
blocks-servers = { $count ->
    [one] { $count } servidor
   *[other] { $count } servidores
}
blocks-suspended = suspendidos
blocks-silenced = limitados
blocks-refused = sin imágenes o denuncias
blocks-known = { $count ->
    [one] { $count } servidor de la lista ya está bloqueado, y sigue como está.
   *[other] { $count } servidores de la lista ya están bloqueados, y siguen como están.
}
blocks-unread = { $count ->
    [one] { $count } línea no se puede leer u oculta el nombre del servidor; se deja fuera.
   *[other] { $count } líneas no se pueden leer u ocultan el nombre del servidor; se dejan fuera.
}
blocks-waits = Todavía se pregunta a quién seguías con tu cuenta anterior, y no se ha podido mirar aquí.
blocks-affected-none = Nadie a quien sigas o vayas a seguir vive en uno de ellos.
blocks-affected = { $count ->
    [one] En { $count } de ellos vive gente a la que sigues o vas a seguir
   *[other] En { $count } de ellos vive gente a la que sigues o vas a seguir
}
blocks-affected-hint = Marca lo que se debe dejar fuera.
blocks-people = { $count ->
    [one] { $count } persona
   *[other] { $count } personas
}
blocks-cut = Hay más de los que se pueden mostrar aquí.
blocks-undo = Dejas de seguir a quien sigas en un servidor suspendido. Un bloqueo se puede levantar en cualquier momento; con eso no vuelve lo que seguías.
blocks-do = Bloquear estos servidores
blocks-not = No bloquear nada
notice-blocks-come = Los servidores de la lista se bloquean uno tras otro.

## Aplicaciones que piden acceso
authorize-title = Autorizar una aplicación
authorize-in = ¿Dejar entrar a { $name }?
authorize-asks = { $name } quiere actuar por ti. Has entrado como { $handle }.
authorize-may = Podrá
authorize-do = Autorizar
authorize-deny = Denegar
authorize-not-you = ¿No eres tú?
authorize-code-title = Código de autorización
authorize-copy = Copia este código
authorize-copy-says = Pégalo en la aplicación. Vale diez minutos y una sola vez.
authorize-denied-title = No autorizado
authorize-denied = No se ha autorizado nada
authorize-denied-says = La aplicación no tiene acceso. Puedes cerrar esta página.
scope-profile = Ver quién eres: tu nombre y tu imagen
scope-read = Leer todo lo que tú puedes leer, también lo privado
scope-write = Publicar, editar, borrar y reaccionar en tu nombre, y cambiar tu perfil
scope-follow = Seguir, silenciar y bloquear a gente por ti
scope-push = Enviar tus notificaciones a este dispositivo
scope-read-accounts = Ver perfiles, también el tuyo
scope-read-blocks = Ver a quién bloqueas
scope-read-bookmarks = Ver tus marcadores
scope-read-collections = Ver tus colecciones
scope-read-favourites = Ver tus favoritos
scope-read-filters = Ver tus filtros
scope-read-follows = Ver a quién sigues
scope-read-lists = Ver tus listas
scope-read-mutes = Ver a quién silencias
scope-read-notifications = Ver tus notificaciones
scope-read-search = Buscar por ti
scope-read-statuses = Leer todas las publicaciones que tú puedes leer, también las privadas
scope-write-accounts = Cambiar tu perfil
scope-write-blocks = Bloquear y desbloquear a gente y servidores
scope-write-bookmarks = Poner y quitar marcadores
scope-write-collections = Cambiar tus colecciones
scope-write-conversations = Silenciar y borrar conversaciones
scope-write-favourites = Marcar favoritos en tu nombre
scope-write-filters = Cambiar tus filtros
scope-write-follows = Seguir y dejar de seguir a gente por ti
scope-write-lists = Cambiar tus listas
scope-write-media = Subir imágenes y grabaciones
scope-write-mutes = Silenciar a gente y conversaciones
scope-write-notifications = Vaciar tus notificaciones
scope-write-reports = Denunciar a gente en tu nombre
scope-write-statuses = Publicar, editar y borrar en tu nombre
scope-admin-read = Ver todo lo que ve la administración
scope-admin-write = Actuar como administración
scope-admin-accounts = Administrar cuentas, con sus direcciones de correo y de red
scope-admin-reports = Administrar denuncias
scope-admin-allows = Administrar la lista de servidores permitidos
scope-admin-blocks = Administrar la lista de servidores bloqueados
scope-admin-networks = Administrar direcciones de red bloqueadas
scope-admin-addresses = Administrar direcciones de correo bloqueadas
scope-admin-providers = Administrar proveedores de correo bloqueados
scope-unknown = Hacer algo para lo que este servidor no tiene palabras

## Lo que se encontró de un nombre
finding-name = { $a } lleva a { $b }.
finding-name-inside = { $a } lleva a { $b }, adonde nadie llega desde fuera de tu casa.
finding-name-nowhere = { $a } aún no lleva a ninguna parte ({ $b }): donde conseguiste el nombre, pon su registro A (y AAAA, si tienes IPv6) en la dirección de esta máquina o de tu router.
finding-name-silent = En cinco segundos nadie dijo adónde lleva { $a }.
finding-port = El puerto { $a } está libre.
finding-listen = No se puede escuchar en { $a }: { $b }.
finding-reached = En { $a } responde este servidor.
finding-reached-other = En { $a } responde otro servidor (estado { $b }): haz que el proxy pase todo a este, con la cabecera Host tal como llegó.
finding-reached-not = Desde aquí no se llega a { $a } ({ $b }). Muchos routers no llevan a casa lo que viene de dentro: prueba { $c } con un teléfono que no esté en tu red.
finding-authority = No se llega a la autoridad de certificación: { $a }.
finding-authority-time = La autoridad de certificación no dice qué hora es.
finding-clock-off = El reloj de esta máquina se desvía { $a } segundos: haz que lo ponga la red (NTP).
finding-clock = El reloj va bien.
finding-certificate = El certificado está aquí.

## What works here, a name later, an owner with a passkey

naming-here = Lo que funciona aquí:
naming-here-own = Nadie más tiene { $ports }, así que este servidor puede llevar el certificado él mismo; tu dominio tiene que llevar a esta máquina.
naming-here-inside = Nadie más tiene { $ports }, así que este servidor puede llevar el certificado él mismo; tu router tiene que pasarlo a esta máquina, { $inside }, y tu dominio tiene que llevar al router.
naming-here-not-allowed = El puerto { $port } está libre, pero este programa no puede tomarlo: dale el permiso, como dice docs/OPERATING.md, y vuelve a cargar esta página, o deja que un proxy lleve el certificado.
naming-here-held = El puerto { $port } lo tiene otro programa, probablemente un servidor web: deja que lleve el certificado y pase todo lo de tu nombre a { $address }, con la cabecera Host tal como llegó.
naming-here-proxied = Un proxy te pasó esta página, así que puede llevar el certificado: haz que pase todo lo de tu nombre a { $address }, con la cabecera Host tal como llegó.
naming-later-says = Una vez tomado, el nombre se queda. Las publicaciones y las personas lo acompañan, y todos vuelven a entrar con él.
naming-no-password = Hasta ahora entrabas solo con una clave de acceso. Elige primero una contraseña con el código de tu hoja de recuperación; después vuelve aquí.
naming-later-passkeys =
    { $count ->
        [one] Tu clave de acceso se hizo para el nombre actual y no servirá con el nuevo: entras con tu contraseña.
       *[other] Tus { $count } claves de acceso se hicieron para el nombre actual y no servirán con el nuevo: entras con tu contraseña.
    }
naming-settled = Este servidor se llama { $name }. Así se queda: el nombre se fijó al arrancarlo, u otros servidores ya han oído de él.
first-passkey = Hacer mío este servidor, con una clave de acceso en vez de contraseña
first-passkey-says = Entonces entras con este dispositivo o llave y no tienes contraseña. Apunta el código de arriba: con él vuelves a entrar y eliges una contraseña, que se pide en los actos importantes.
