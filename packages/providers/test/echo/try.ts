import { EchoGate } from "../../../engine/src/audio/echo/echo-gate.ts";
import { Silero, makeSileroMemory } from "../../src/embedded/voice-activity/silero.ts";
import { speakForTest } from "../../src/embedded/test-speech.ts";
import { findPackageFile } from "../../src/embedded/package-file.ts";
import { callerSide } from "./speakerphone.ts";
import { rmsDbfs } from "@earshot/engine";
const silero = await Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v5.onnx"));
function join(...parts: Int16Array[]) { const out = new Int16Array(parts.reduce((s,p)=>s+p.length,0)); let at=0; for (const p of parts){out.set(p,at);at+=p.length;} return out as Int16Array<ArrayBuffer>; }
const agentText = ["Thank you for calling Riverside dental clinic, my name is Ann, how can I help you today?","We have an appointment free on Tuesday at half past three, or on Thursday morning at nine fifteen.","Please hold on for a moment while I look that up in our calendar, it will not take long."];
const agents:Record<string,Int16Array<ArrayBuffer>>={};
for (const v of ["flite:slt","flite:rms","flite:awb"]) agents[v]=join(...await Promise.all(agentText.map(t=>speakForTest(t,v))));
const nears:Record<string,Int16Array<ArrayBuffer>>={};
for (const [v,t] of [["flite:rms","No, wait, I need to change something."],["flite:slt","Stop, that is the wrong day."],["flite:awb","Hold on please."],["flite:kal16","Excuse me."]] as const) nears[v+t.slice(0,4)]=await speakForTest(t,v);
function scale(x:Int16Array,db:number){const f=10**((db-rmsDbfs(x))/20);return x.map(s=>Math.max(-32768,Math.min(32767,Math.round(s*f)))) as Int16Array<ArrayBuffer>}
async function run(agent:Int16Array<ArrayBuffer>,caller:Int16Array<ArrayBuffer>){
  const g=new EchoGate();const mem=makeSileroMemory();
  const win=new Int16Array(512);let fill=0;let us=0;const P:[number,number,number][]=[];
  const n=Math.floor(caller.length/320);
  for(let f=0;f<n;f++){
    const t=f*20;
    const af=agent.subarray(f*320,f*320+320); const a0=performance.now(); if(af.length===320) g.play(af as never,t);
    const cf=caller.subarray(f*320,f*320+320);
    const share=g.hear(cf as never,t+20); us+=performance.now()-a0;
    let off=0;while(off<320){const c=Math.min(512-fill,320-off);win.set(cf.subarray(off,off+c),fill);fill+=c;off+=c;if(fill===512){fill=0;
      const [p0]=await silero.score([{memory:mem,samples:win.slice()}]); P.push([p0 as number,share,t+20]);
    }}
  }
  return {P,delay:g.delayMs,us:us/n*1000};
}
function startsOf(P:[number,number,number][],thr:number){let open=false,consec=0,sil=0;const starts:number[]=[];
 for(const [p0,share,t] of P){const p=share>thr?0:p0; if(!open){ if(p>=0.5){consec++; if(consec>=2){open=true;sil=0;starts.push(t)}} else consec=0;} else { if(p<0.35){sil++; if(sil>=7){open=false;consec=0}} else sil=0;}} return starts}
const THR=[0.5,0.6,0.65,0.7,0.75,0.8];
const rooms=[] as any[];
for(const echoDb of [-10,-20,-30]) for(const [delayMs,tailMs,tel,noise] of [[40,0,false,-70],[120,200,true,-60],[300,150,true,-50],[180,300,false,-55]] as const) rooms.push({echoDb,delayMs,tailMs,isTelephone:tel,noiseDbfs:noise,seed:delayMs});
rooms.push({echoDb:-200,delayMs:40,noiseDbfs:-60});
const gated=THR.map(()=>0),kept=THR.map(()=>0),lates=THR.map(()=>[] as number[]);let plain=0,all=0,cost=0,nc=0;
for(const [v,a0] of Object.entries(agents)){ const agent=scale(a0,-24);
 for(const [ri,room] of rooms.entries()){ 
  const silent=new Int16Array(agent.length+8000) as never;
  const r=await run(agent,callerSide(agent,silent,room));plain+=startsOf(r.P,9).length;THR.forEach((t,i)=>gated[i]+=startsOf(r.P,t).length);cost+=r.us;nc++;
  if(process.argv[2]==="v") console.log(v,JSON.stringify(room),r.delay,THR.map(t=>startsOf(r.P,t).length).join(" "));
  let ni=0;
  for(const [k,nr] of Object.entries(nears)) for (const [at,lvl] of [[2500,-24],[6500,-30]] as const){
    if(k.startsWith(v)) continue; if((ni++ + ri)%3!==0) continue;
    const near=new Int16Array(agent.length+8000) as Int16Array<ArrayBuffer>; near.set(scale(nr,lvl),at*16);
    const ref=startsOf((await run(new Int16Array(0) as never,callerSide(new Int16Array(0) as never,near,room))).P,9);
    const r2=await run(agent,callerSide(agent,near,room)); const expectAt=ref[0]??0; all++;
    THR.forEach((t,i)=>{const hit=startsOf(r2.P,t).find(s=>s>=expectAt-100&&s<expectAt+700); if(hit!==undefined){kept[i]++;lates[i].push(hit-expectAt)} else if(t===0.7) console.log("   MISSED",v,room.echoDb,room.delayMs,k,at,lvl)});
  }
 }}
console.log(process.env.MARGIN,{plain,all,us:cost/nc});
THR.forEach((t,i)=>{const l=lates[i].sort((a,b)=>a-b);console.log(t,"echo starts",gated[i],"kept",kept[i],"late p50",l[l.length>>1],"p90",l[Math.floor(l.length*.9)])});
