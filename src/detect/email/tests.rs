use crate::detect::testing::{finds, misses};

#[test]
fn addresses_are_found() {
    finds(
        "email",
        &[
            "‹jean.dupont@example.fr›",
            "cf. ‹JEAN_D+crm@Mail.Example.CO.UK›.",
            "<‹z@a.io›>,mailto:‹y@b.fr›",
            "«\u{a0}‹zoé@exämple.de›\u{a0}»",
            "‹x@xn--mlr-bla.xn--p1ai›",
            "‹d'arc@example.museum›;",
            "email=‹a@b.fr›",
            "a@‹b@c.fr›",
            "‹a@b.fr›_old",
            "‹a@b.fr›0612345678",
            "‹x@a.fr›.12",
            "‹jean.dupont @ example.fr›",
            "‹jean@ example.fr›, ‹jean @example.fr›",
            "‹jean [at] example.fr›",
            "‹jean(at)example.fr›",
            "‹jean_at_example.fr›",
            "‹jean[AT]example[DOT]fr›",
            "‹jean at example dot fr›",
            "‹jean (a) example (point) fr›",
            "‹jean arobase example.fr›",
            "‹Jean.Dupont AROBASE example point fr› ok",
            "mail ‹jean&#64;example.fr›",
            "‹jean&commat;example&period;fr›",
            "‹jean%40example.fr›",
            "mailto=‹jean%40example%2Efr›",
            "‹jean@gmail,com›",
            "‹jean@example,fr›",
            "‹jean@gmail com›",
            "‹jean@@example.fr›",
            "‹jean@example. com›, ‹jean@example .fr›",
            "‹jean@gmail›",
            "‹jean @ orange.fr›",
            "‹jean@gmailcom›, ‹jean@orangefr›",
            "‹jean\\u0040example.fr›",
            "‹jean=40example.fr›",
            "‹jean-at-orange.fr›",
            "‹jean12àorange.fr›",
            "‹jean [at] proton [dot] me›",
        ],
    );
}

#[test]
fn near_misses() {
    misses(
        "email",
        &cases![
            "a name of a network", "@jean.dupont";
            "no dot", "jean@example";
            "a price", "3 @ 2.50, prix@12.5";
            "nothing before", " @example.fr";
            "signs only before", "...@example.fr";
            "a last label of one letter", "a@b.c";
            "nothing behind", "jean@";
            "a meeting", "jean @ bureau, RDV @ Lyon, voir @ 14h";
            "at in a text", "arrive at noon. ok, look at the end. fr, livraison at 5 point 2";
            "a percentage", "remise de 20%40 pièces";
            "a choice", "oui (a) ou non (b), (a) x.y, voir annexe [a] page 3.a";
            "a list", "jean@x, fr";
            "the next sentence", "jean@bureau. De plus, jean@x. Com";
            "empty label", "jean@.fr";
            "à between words", "jusqu'à free.fr, voilàorange, à orange.fr";
            "a site", "www.look-at-me.fr, chat-at-home.fr";
            "a formula", "x=40a.fr1, prix=40.50";
        ],
    );
}
