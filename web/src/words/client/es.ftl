
## Words that are not lost

kept-title = Tu sesión se cerró
kept-says = No se publicó nada y nada se perdió: lo que escribiste está aquí. Inicia sesión, se abre junto a esta página; luego vuelve y continúa.
kept-sign-in = Iniciar sesión
kept-go-on = Seguir escribiendo
compose-session-new = Has iniciado sesión de nuevo desde que empezaste. Todo lo que escribiste está aquí: míralo otra vez y publica.
read-only-name = Solo lectura.
read-only-says = Este servidor no puede guardar nada ahora. Leer y buscar funcionan; lo que escribas queda en su formulario hasta que se pueda enviar.
