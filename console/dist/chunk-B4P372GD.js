<<<<<<< HEAD:console/dist/chunk-B4P372GD.js
import{a as o}from"./chunk-IILA3KX3.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
=======
<<<<<<< HEAD:console/dist/chunk-Q6MKA264.js
import{a as o}from"./chunk-4H4POIQP.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
=======
<<<<<<<< HEAD:console/dist/chunk-WIEN4FGI.js
import{a as o}from"./chunk-HTTPG3Y7.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
========
import{a as o}from"./chunk-YLWRCWKA.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-BLSFNEJH.js
>>>>>>> c6cff2b (Show and send files in the console):console/dist/chunk-WIEN4FGI.js
>>>>>>> 46def7b (Show and send files in the console):console/dist/chunk-Q6MKA264.js
