/**
 * Where the page is put together: connection, store, stage, panels and controls are made here and know each other only
 * through messages and state. The drawing loop is here too. It draws, then acknowledges what it has drawn, so that a
 * page that cannot keep up, or that nobody looks at, is sent no more than it can show.
 */
import './strictPolicy.ts';
import { fromEvent } from 'rxjs';
import type { ServerMessageOf } from '../shared/protocol/control.ts';
import { admitted, socketAddress } from './addresses.ts';
import { autoClaim } from './autoClaim.ts';
import { autoSteps } from './autoSteps.ts';
import { carry } from './carry.ts';
import { Connection, type ConnectionEvent } from './connection.ts';
import { defaultConnectionConfig } from './connectionMachine.ts';
import { controls } from './controls.ts';
import { element } from './element.ts';
import { exportButtons } from './export/exportButtons.ts';
import { hands } from './hands.ts';
import type { Choice } from './pageState.ts';
import { paintDialog } from './painting/paintDialog.ts';
import { audiencePanel } from './panels/audiencePanel.ts';
import { errorPanel } from './panels/errorPanel.ts';
import { fanPanel } from './panels/fanPanel.ts';
import { FilmStrip } from './panels/filmStrip.ts';
import { horizonPanel } from './panels/horizonPanel.ts';
import { panelTabs } from './panels/panelTabs.ts';
import { planCostPanel } from './panels/planCostPanel.ts';
import { planPanel } from './panels/planPanel.ts';
import { readingPanel } from './panels/readingPanel.ts';
import { statusPanel } from './panels/statusPanel.ts';
import { surprisePanel } from './panels/surprisePanel.ts';
import { timingExport } from './panels/timingExport.ts';
import { timingPanel } from './panels/timingPanel.ts';
import { whatIfPanel } from './panels/whatIfPanel.ts';
import type { Tick } from './readFrames.ts';
import { RecordingFiles } from './recordings/recordingFiles.ts';
import { recordingsPanel } from './recordings/recordingsPanel.ts';
import { singleKeys } from './singleKeys.ts';
import { WorkerSocket } from './socket/workerSocket.ts';
import { HEAT_COLORS } from './stage/difference.ts';
import { Stage } from './stage/stage.ts';
import { UndrawnShapes } from './stage/undrawnShapes.ts';
import { createStore } from './store.ts';
import { History, measuredAt } from './timeline/history.ts';
import { MomentScreen } from './timeline/momentScreen.ts';
import { Player } from './timeline/player.ts';
import { timelineExport } from './timeline/timelineExport.ts';
import { timelinePanel } from './timeline/timelinePanel.ts';
import { tour } from './tour.ts';
import { trainingPanel } from './training/trainingPanel.ts';
import { TrainingRuns } from './training/trainingRuns.ts';
import {
  differing,
  readBudget,
  readRecording,
  readSession,
  readUrl,
  readWanted,
  writeBudget,
  writeRecording,
  writeSession,
  writeUrl,
} from './urlState.ts';

const store = createStore();
const strip = new FilmStrip(element('film', HTMLElement));
const stage = openStage();
const connection = new Connection(
  () => new WorkerSocket(socketAddress()),
  Math.random,
  defaultConnectionConfig,
  () => readWanted(location.search),
);
const past = new History();
const undrawn = new UndrawnShapes();
const screen = new MomentScreen(stage, strip, past);
const player = new Player(past, screen, lookedAt);
const timeline = timelinePanel(past, player, () => performance.now());
/** Sequence numbers of messages that have arrived and are not yet drawn. */
let arrived: number[] = [];

const fan = fanPanel(store, ask, stage);
const whatIf = whatIfPanel(store, ask);
singleKeys();
controls(store, ask, player);
hands(store, ask);
carry(store, ask, {
  live: () => player.live,
  bodies,
  show: (what, poses) => (what === 'goal' ? stage.haunt(poses) : stage.carry(poses)),
});
const painting = paintDialog(store, ask, () => stage.showing ?? past.at(player.index)?.tick);
statusPanel(store, {
  retry: () => connection.connect(),
  reload: () => location.reload(),
  dismiss: () => store.dispatch({ type: 'notice', notice: undefined }),
});
audiencePanel(store, share);
recordingsPanel(store, ask, recordingFiles());
timingPanel(store);
const tabs = panelTabs();
const exported = {
  'timeline-title': timelineExport(past, player),
  'film-title': strip.exportable(() => past.at(player.index)?.episode ?? store.state.episode),
  'what-if-title': whatIf.exportable,
  'training-chart-title': trainingPanel(store, new TrainingRuns(admitted)),
  'error-title': errorPanel(element('error-chart', HTMLElement), store, tabs),
  'cost-title': planPanel(element('cost-chart', HTMLElement), store),
  'time-title': timingExport(store),
  'horizon-title': horizonPanel(store, tabs),
  'plan-cost-title': planCostPanel(store, tabs),
  'surprise-title': surprisePanel(store, tabs),
  'reading-title': readingPanel(store, tabs, ask),
};
for (const [title, exportable] of Object.entries(exported)) exportButtons(store, title, exportable);
tour(store);
document.documentElement.style.setProperty('--heat', HEAT_COLORS.join(', '));

autoSteps(store, ask);
autoClaim(store, ask);

store.dispatch({ type: 'budgeted', budget: readBudget(location.search) });
store.select((state) => state.settings).subscribe(remember);
store.select((state) => state.budget).subscribe(remember);
connection.events.subscribe(receive);
fromEvent(window, 'online').subscribe(() => {
  if (store.state.link.status === 'waiting') connection.connect();
});
connection.connect();
requestAnimationFrame(drawFrame);

/** Sends what a person chose and shows it at once; without a connection nothing is chosen. */
function ask(choice: Choice): void {
  const request = store.state.asked + 1;
  if (connection.send({ ...choice, request })) store.dispatch({ type: 'asked', request, choice });
}

function receive(event: ConnectionEvent): void {
  if ('seq' in event && event.seq !== undefined) arrived.push(event.seq);
  if (event.type === 'tick') happened(event.tick);
  else if (event.type === 'futures') whatIf.futures(event.futures);
  else if (event.type === 'film') {
    past.plan(event.film);
    if (!player.live) return;
    screen.plan(event.film);
    fan.plan(event.film.fan, store.state.plan?.fan?.elites ?? []);
  } else if (event.type === 'message' && event.message.type === 'welcome') welcome(event.message);
  else if (event.type === 'message' && event.message.type === 'filled') painting.filled(event.message);
  else if (event.type === 'message' && event.message.type === 'error' && painting.failed(event.message)) return;
  else {
    if (event.type === 'message' && event.message.type === 'episode') begin(event.message);
    if (event.type === 'message' && event.message.type === 'outcome')
      past.end(event.message.success, event.message.steps);
    store.dispatch(event);
  }
}

function begin(episode: ServerMessageOf<'episode'>): void {
  fan.plan([], []);
  whatIf.begin(episode);
  past.begin(episode);
  if (player.live) screen.begin(episode);
  const notice = undrawn.notice(episode);
  if (notice !== undefined) store.dispatch({ type: 'notice', notice });
}

/**
 * A step becomes a moment, unless only a dream was driven, while the truth stood still. While the page looks back, it is
 * measured without being shown.
 */
function happened(tick: Tick): void {
  if (tick.truth === undefined) {
    if (player.live) stage.push(tick, performance.now());
    return;
  }
  const moment = past.push(tick);
  if (moment === undefined) return;
  store.dispatch({ type: 'stepped', measured: measuredAt(moment) });
  player.push(moment, performance.now());
  if (!player.live) store.dispatch({ type: 'shown', envStep: tick.envStep, difference: moment.difference });
}

/** The page looks at another moment, or there is more to look back at. */
function lookedAt(): void {
  timeline.changed();
  if (!player.live) fan.plan([], []);
  const moment = player.live ? undefined : past.at(player.index);
  const viewed = moment && {
    envStep: moment.tick.envStep,
    difference: moment.difference,
    planStep: moment.film?.envStep,
  };
  if (viewed !== undefined || store.state.viewed !== undefined) store.dispatch({ type: 'viewed', viewed });
}

/** The shapes of the true world, where the latest step left them. */
function bodies(): ServerMessageOf<'episode'>['scene'] {
  const { scene = [], serial } = store.state.episode ?? {};
  const latest = past.at(past.last);
  const poses = latest?.episode.serial === serial ? latest?.tick.poses : undefined;
  if (poses === undefined) return scene;
  return scene.map((shape, i) => {
    const [x = 0, y = 0, angle = 0] = poses.subarray(3 * i, 3 * i + 3);
    return { ...shape, pose: { x, y, angle } };
  });
}

/** The address of the session itself, which the page's own address becomes, so that reloading comes back to it. */
function share(): string {
  setQuery(writeSession(location.search, store.state.session));
  return location.href;
}

/** A session that is new is given the settings of the address; one that is resumed or shared keeps its own. */
function welcome(message: ServerMessageOf<'welcome'>): void {
  const shared = readSession(location.search) === message.session;
  const replayed = readRecording(location.search) !== undefined;
  const wanted = shared || replayed || message.session === store.state.session ? {} : readUrl(location.search);
  if (!shared) setQuery(writeSession(location.search, undefined));
  store.dispatch({ type: 'message', message });
  const { world, ...rest } = differing(wanted, message.settings);
  const known = world === undefined || message.worlds.some(({ id }) => id === world);
  const settings = known && world !== undefined ? { world, ...rest } : rest;
  if (Object.keys(settings).length > 0) ask({ type: 'configure', settings });
  if (!known)
    store.dispatch({
      type: 'notice',
      notice: {
        code: 'unknown-world',
        message: `The address asks for “${world}”; choose one of the worlds in the list.`,
      },
    });
}

/** Keeps the address in step with what was chosen, so that it can be passed on; what a replay shows stays out of it. */
function remember(): void {
  if (readRecording(location.search) !== undefined) return;
  const { settings, budget } = store.state;
  const chosen = settings === undefined ? location.search : writeUrl(location.search, settings);
  const query = writeBudget(chosen, budget);
  setQuery(query);
}

function setQuery(query: string): void {
  if (query !== location.search) history.replaceState(null, '', query === '' ? location.pathname : query);
}

function drawFrame(now: number): void {
  const started = performance.now();
  const painted = !stage.busy;
  player.advance(started);
  stage.draw(now);
  whatIf.draw(now);
  timeline.draw();
  if (painted && arrived.length > 0) {
    const drawMs = performance.now() - started + stage.drawMs;
    for (const seq of arrived) connection.send({ type: 'ack', seq, drawMs });
    arrived = [];
    store.dispatch({ type: 'drawn', drawMs });
  }
  requestAnimationFrame(drawFrame);
}

/** The stage, with a banner where nothing can be painted on it; everything else works without it. */
function openStage(): Stage {
  const elements = {
    root: element('stage', HTMLElement),
    canvas: element('canvas', HTMLCanvasElement),
    figures: {
      physics: element('view-physics', HTMLElement),
      seen: element('view-seen', HTMLElement),
      dream: element('view-dream', HTMLElement),
      difference: element('view-difference', HTMLElement),
    },
  };
  const failed = (): void => {
    const message = 'It has no WebGL: switch hardware acceleration on, or open the page in another browser.';
    store.dispatch({ type: 'notice', notice: { code: 'no-webgl', message } });
  };
  const shown = (tick: Tick, difference: number | undefined): void => {
    strip.mark(tick);
    if (player.live) store.dispatch({ type: 'shown', envStep: tick.envStep, difference });
  };
  return new Stage(elements, { shown, failed });
}

/**
 * Recordings beside this page, and the page's own address for those that are opened. The session that is left for one is
 * written into the address first, so that the browser's own way back leads to it too.
 */
function recordingFiles(): RecordingFiles {
  const replayed = readRecording(location.search) !== undefined;
  return new RecordingFiles(admitted, (id) => {
    const left = replayed ? undefined : store.state.session;
    if (left !== undefined) setQuery(writeSession(location.search, left));
    location.assign(location.pathname + writeRecording(location.search, id, left));
  });
}
