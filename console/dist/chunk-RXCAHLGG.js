<<<<<<< HEAD:console/dist/chunk-RXCAHLGG.js
import{a as o}from"./chunk-IILA3KX3.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
=======
<<<<<<< HEAD:console/dist/chunk-4KVIG5YR.js
import{a as o}from"./chunk-4H4POIQP.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
=======
<<<<<<<< HEAD:console/dist/chunk-X2NHPZLP.js
import{a as o}from"./chunk-HTTPG3Y7.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
========
import{a as o}from"./chunk-YLWRCWKA.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-XRMNBCBW.js
>>>>>>> c6cff2b (Show and send files in the console):console/dist/chunk-X2NHPZLP.js
>>>>>>> 46def7b (Show and send files in the console):console/dist/chunk-4KVIG5YR.js
