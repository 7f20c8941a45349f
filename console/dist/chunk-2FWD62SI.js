<<<<<<< HEAD:console/dist/chunk-IADACO5K.js
<<<<<<< HEAD:console/dist/chunk-FSRMJLTO.js
<<<<<<< HEAD:console/dist/chunk-6BZNIY62.js
<<<<<<< HEAD:console/dist/chunk-IGDNIURK.js
<<<<<<< HEAD:console/dist/chunk-AJ76E7UO.js
<<<<<<< HEAD:console/dist/chunk-XRMNBCBW.js
<<<<<<<< HEAD:console/dist/chunk-X2NHPZLP.js
import{a as o}from"./chunk-HTTPG3Y7.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
========
import{a as o}from"./chunk-YLWRCWKA.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-XRMNBCBW.js
=======
import{a as o}from"./chunk-AX6DHM55.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> 3a894b7 (Load the console's first part as one chunk):console/dist/chunk-AJ76E7UO.js
=======
import{a as o}from"./chunk-FBLWOTYP.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> b589c42 (Put the brief right where it stands):console/dist/chunk-IGDNIURK.js
=======
import{a as o}from"./chunk-4DFQLTZA.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> ddf5818 (Let the pencils be seen):console/dist/chunk-6BZNIY62.js
=======
import{a as o}from"./chunk-HTNLMMX3.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> 3a48afb (Suggest a reply where a model is configured):console/dist/chunk-FSRMJLTO.js
=======
import{a as o}from"./chunk-QXLAGB76.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> 54c7765 (Show what the site signed and what the page said apart):console/dist/chunk-IADACO5K.js
=======
import{a as o}from"./chunk-6IIJWPAX.js";var p=o({en:()=>import("./en-HVSH45JL.js"),hu:()=>import("./hu-SRZH55DP.js"),sl:()=>import("./sl-7DL25WO5.js"),fr:()=>import("./fr-B57EN4E5.js"),zh:()=>import("./zh-XIHVG2SX.js")});export{p as a};
>>>>>>> 07e6845 (Show a model's wording of the brief beside the facts):console/dist/chunk-2FWD62SI.js
