## Cartas

letter-hello = Hola:
letter-confirm-subject = Confirma tu dirección para { $title }
letter-confirm =
    Alguien, probablemente tú, se ha registrado como { $handle } con esta dirección.

    Para confirmarla, abre esta página y pulsa el botón:

    { $link }

    El enlace vale siete días. Si no has sido tú, no hagas nada: la cuenta sigue cerrada.
letter-reset-subject = Una contraseña nueva para { $title }
letter-reset =
    Alguien, probablemente tú, quiere elegir una contraseña nueva para { $handle }.

    Para hacerlo, abre esta página:

    { $link }

    El enlace vale seis horas y una sola vez. Si no has sido tú, no hagas nada: tu contraseña sigue como está.
letter-approved-subject = Te damos la bienvenida a { $title }
letter-approved =
    { $handle } ya está abierta: entra con cualquier aplicación de Mastodon, o aquí:

    { $link }
letter-password-subject = Se ha cambiado tu contraseña de { $title }
letter-password =
    Se ha cambiado la contraseña de { $handle }. Todos los navegadores y aplicaciones tienen que entrar de nuevo, y una hoja de recuperación anterior ya no vale.

    Si no has sido tú, elige otra enseguida:

    { $link }
letter-strike-subject = Una decisión sobre tu cuenta en { $title }
letter-strike =
    Quienes cuidan de { $title } han decidido algo sobre { $handle }.

    Qué y por qué, y cómo puedes apelar en un plazo de veinte días, está aquí:

    { $link }
letter-appeal-decided-subject = Se ha decidido sobre tu apelación en { $title }
letter-appeal-decided =
    Lo que ha sido de la apelación de { $handle } está aquí:

    { $link }
letter-appeal-made-subject = Una apelación en { $title } espera una decisión
letter-appeal-made =
    Alguien ha apelado contra una decisión. Léela y decide aquí:

    { $link }
letter-new-address-subject = Tu dirección nueva para { $title }
letter-new-address =
    Las cartas para { $handle } llegarán a esta dirección a partir de ahora.

    Para confirmarla, abre esta página y pulsa el botón:

    { $link }

    El enlace vale siete días. Si no has sido tú, no hagas nada: llegan adonde llegaban.
letter-address-to-change-subject = Las cartas de { $title } van a ir a otra dirección
letter-address-to-change =
    Alguien, probablemente tú, que conoce la contraseña de { $handle } quiere que sus cartas vayan a otra dirección. Irán allí en cuanto se abra un enlace en una carta a esa dirección.

    Si no has sido tú, elige enseguida una contraseña nueva y mira quién tiene acceso:

    { $link }

    { $access }
letter-address-changed-subject = Las cartas de { $title } van ahora a otra dirección
letter-address-changed =
    Las cartas para { $handle } van desde ahora a otra dirección; a esta no llegan más.

    Si no has sido tú, escribe enseguida a quienes cuidan de { $title }:

    { $about }
letter-second-on-subject = Se ha activado la verificación en dos pasos en { $title }
letter-second-on =
    Para entrar como { $handle } hace falta ahora un código además de la contraseña. Todos los navegadores y aplicaciones tienen que entrar de nuevo.

    Si no has sido tú, elige enseguida una contraseña nueva:

    { $link }
letter-second-off-subject = Se ha desactivado la verificación en dos pasos en { $title }
letter-second-off =
    Para entrar como { $handle } basta ahora la contraseña. Todos los navegadores y aplicaciones tienen que entrar de nuevo.

    Si no has sido tú, elige enseguida una contraseña nueva y actívala otra vez:

    { $link }
letter-codes-subject = Se han gastado tus códigos de reserva de { $title }
letter-codes =
    Alguien ha entrado con el último código de reserva de { $handle }. Crea otros, para poder entrar sin tu dispositivo:

    { $security }

    Si no has sido tú, elige enseguida una contraseña nueva:

    { $link }
letter-passkey-added-subject = Se ha añadido una llave de acceso en { $title }
letter-passkey-added =
    Alguien, probablemente tú, puede entrar como { $handle } con una llave de acceso nueva.

    Si no has sido tú, elige enseguida una contraseña nueva y quita la llave:

    { $link }

    { $passkeys }
letter-passkey-removed-subject = Se ha quitado una llave de acceso en { $title }
letter-passkey-removed =
    Se ha quitado una llave de acceso de { $handle }: ya no deja entrar a nadie.

    Si no has sido tú, elige enseguida una contraseña nueva:

    { $link }
letter-sheet-subject = Se ha hecho una hoja de recuperación para { $title }
letter-sheet =
    Alguien, probablemente tú, que conoce la contraseña de { $handle } ha hecho una hoja de recuperación: quien tenga su código puede elegir otra contraseña. Una hoja anterior ya no vale.

    Si no has sido tú, elige enseguida una contraseña nueva; entonces tampoco vale esta hoja:

    { $link }
