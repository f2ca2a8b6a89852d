// Words that people think of first. Two together, and tails of digits and signs, are the rules' work (common.ts).
const list = `
password passwort passw passwd pass word pwd secret geheim admin administrator root user guest login welcome hello test tester testing demo default
change changeme letmein master access trustno matinee cinema movie movies film films video qwerty qwert qwertz azerty asdf asdfgh zxcv zxcvbn zxcvbnm
abc abcd abcde abcdef aaa aaaa qaz qazwsx wsx wsxedc xyz iop iloveyou iloveu ilove love lover lovely loveme loveyou baby babygirl babyboy honey
sweety sweetie angel angels princess prince queen king kings kitty kitten sunshine sun moon star stars starwars startrek sky shadow dragon monkey tiger
lion eagle falcon hawk wolf panther bear bears bull dog doggy dogs cat cats horse bird birds fish shark turtle rabbit bunny mouse snake spider chicken
football baseball basketball soccer hockey tennis golf golfer racing runner player gamer games game poker lucky winner champion champ hunter killer
ninja pirate samurai warrior wizard magic magician merlin gandalf frodo hobbit matrix neo zero cool super superman supergirl batman robin spiderman
ironman hulk thor joker naruto sasuke goku pikachu pokemon mario luigi zelda link sonic sega nintendo xbox playstation minecraft roblox fortnite
computer internet google yahoo gmail hotmail facebook youtube twitter instagram tiktok amazon apple samsung nokia sony microsoft windows linux ubuntu
android iphone whatever nothing something anything everything forever never always friend friends best bestfriend family mother mommy father daddy
mom dad sister brother son boy girl girls boys man men woman wife husband life live living dead death devil demon hell heaven god jesus christ
jesuschrist lord church bible faith hope peace freedom happy smile funny crazy sexy hot hottie beauty beautiful pretty cute rose roses flower flowers
lily daisy jasmine summer winter spring autumn january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday red blue green yellow orange purple pink black white brown silver gold golden diamond crystal ruby pearl
money cash dollar rich power energy fire water earth wind storm thunder lightning rain snow ice rock rocky stone mountain river ocean sea beach island
paradise forest tree garden house home school college student teacher doctor nurse police army navy marine soldier captain major general ranger rangers
sergeant pilot driver truck car cars bmw audi ferrari porsche mercedes toyota honda nissan ford mustang chevy corvette camaro harley davidson yamaha
suzuki ducati bike biker music guitar piano drums metal rock metallica nirvana eminem beatles slipknot linkin park green day blink korn acdc queen
chocolate cookie cookies candy sugar cheese pizza burger banana apples cherry peach lemon strawberry coffee tea beer vodka whiskey wine pepper ginger
butter buttons bubbles muffin pumpkin peanut cupcake snoopy garfield mickey minnie donald daffy bugs tweety scooby simpsons bart homer simpson
michael michelle jennifer jessica jordan joshua daniel david thomas robert william james john johnny joseph charles charlie george andrew anthony matthew
alexander alex alexis alexandra amanda ashley nicole samantha sarah stephanie elizabeth melissa rebecca rachel hannah emily emma olivia sophie sophia
victoria vanessa veronica natalie natasha monica maria marie mary martin martina laura lauren lisa linda karen kevin brian brandon justin jason steven
stephen scott sean peter paul patrick richard ronald ryan samuel simon tiffany taylor tyler travis trevor vincent walter zachary anna andrea angela
anderson barbara benjamin bailey buster cameron carlos carmen caroline catherine chris christian christina christine christopher claire claudia
cooper corey crystal daniela danielle dakota dennis diana diego dominic edward eduardo eric erica felix fernando francis frank frankie gabriel gabriela
hector heather helen henry hunter isabel isabella jack jackie jackson jacob jake jasper jeremy jesse jordan jose juan julia julian julie katherine kelly
kimberly larry leonardo lindsey louis lucas lucy luis madison maggie marcus margaret mark marvin max maxwell melanie mercedes miguel mike morgan nathan
nicholas oliver oscar pamela phoenix rafael ricardo roberto rodriguez roger roland ronaldo messi beckham rooney neymar kobe lebron curry sabrina sandra
sebastian sergio shannon sharon sierra simone stella steve susan sydney teresa tigger toby tony valentina valeria wendy whitney wilson
chelsea arsenal liverpool manchester united barcelona madrid real juventus milan bayern lakers yankees cowboys steelers eagles packers raiders broncos
redsox london paris berlin madrid moscow tokyo china america american canada mexico brazil france germany england ireland scotland russia india japan
korea texas california florida newyork boston chicago dallas phoenix vegas hawaii beijing shanghai hongkong taiwan taipei guangzhou shenzhen
trustme thisisme fuckyou fuckme fuckoff fuck shit bitch asshole biteme bullshit pussy dick cock sex porn hardcore naughty
abracadabra opensesame sesame mypassword mypass newpassword oldpassword temp temporary tempo passcode passphrase username anonymous nobody
blessed blessing grace trinity spirit destiny karma buddha lotus dreams dream dreamer mystery legend legacy hero heroes knight knights castle
wonder universe galaxy planet jupiter saturn mars venus apollo zeus athena hercules titan phoenix genesis nemesis omega alpha delta gamma sigma beta
bond jamesbond agent mission impossible terminator predator alien rambo titanic gladiator avatar inception godzilla jurassic
woaini woaiwojia woaiwoziji woshishui woshiwo nihao nihaoma zhongguo zhang wang chen liu yang huang zhao zhou wu xu sun zhu lin guo liang song tang
feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen xiaoming xiaohong xiaolong xiaobao laopo laogong
baobao baobei mima wode wodemima qq qqq qwe qweasd qweasdzxc asd asdasd asdqwe zxc zxcasd zxcvb wo ai ni aini aiwo tiantian kuaile gongxifacai
密码 我的密码 我爱你 我愛你 你好 密碼 管理员 管理員 测试 測試 中国 中國 电影 電影
sakura hikari tanaka nihon arigato doraemon totoro usagi daisuki aishiteru saranghae hanguk
hola amor teamo tequiero mivida corazon bonita princesa estrella contrasena familia amigos bonjour motdepasse soleil jetaime chouchou loulou doudou
hallo schatz liebe sommer winter fussball ficken passwort berlin parola ciao amore napoli roma senha brasil flamengo
parol privet lubov natasha nastya sergey dima vladimir
a aa ab i my me you u us the is in on to it no yes ok go one two first last new old big little good bad top number
`

export const words = [...new Set(list.trim().split(/\s+/))]
