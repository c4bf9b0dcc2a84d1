// The 3D picture of a take, outside React: character or skeleton at an exact time. Loaded lazily.
//
// Frame: glTF, metres, +Y up, +Z towards the viewer. The clip carries its own time in seconds.

import {
  AmbientLight, AnimationClip, AnimationMixer, Box3, BufferAttribute, BufferGeometry, Color,
  DirectionalLight, GridHelper, LineBasicMaterial, LineSegments, LoopOnce, type Material, Mesh,
  Object3D, PerspectiveCamera, Points, PointsMaterial, PropertyBinding, Scene, SkinnedMesh,
  Spherical, Vector3, WebGLRenderer,
} from "three";
import { GLTFLoader, type GLTF } from "three/addons/loaders/GLTFLoader.js";

export interface Camera {
  azimuth: number;
  polar: number;
  distance: number;
}

export const firstCamera: Camera = { azimuth: 0.5, polar: 1.38, distance: 3.5 };

const aim = new Vector3(0, 0.95, 0);

/** Lines from every moving node to its nearest moving ancestor; joints as dots. */
class Bones {
  readonly object = new Object3D();
  private readonly pairs: [Object3D, Object3D][] = [];
  private readonly nodes: Object3D[] = [];
  private readonly lines: LineSegments;
  private readonly dots: Points;

  constructor(root: Object3D, moving: Set<Object3D>, color: Color) {
    root.traverse((node) => {
      if (!moving.has(node)) return;
      this.nodes.push(node);
      for (let up = node.parent; up; up = up.parent) {
        if (moving.has(up)) {
          this.pairs.push([up, node]);
          break;
        }
      }
    });
    this.lines = new LineSegments(this.geometry(this.pairs.length * 2), new LineBasicMaterial({
      color, depthTest: false, transparent: true,
    }));
    this.dots = new Points(this.geometry(this.nodes.length), new PointsMaterial({
      color, size: 6, sizeAttenuation: false, depthTest: false, transparent: true,
    }));
    for (const part of [this.lines, this.dots]) {
      part.renderOrder = 10;
      part.frustumCulled = false;
      this.object.add(part);
    }
  }

  get count(): number {
    return this.nodes.length;
  }

  private geometry(points: number): BufferGeometry {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(new Float32Array(points * 3), 3));
    return geometry;
  }

  update(): void {
    const at = new Vector3();
    const put = (target: LineSegments | Points, index: number, node: Object3D) => {
      at.setFromMatrixPosition(node.matrixWorld);
      target.geometry.getAttribute("position").setXYZ(index, at.x, at.y, at.z);
    };
    this.pairs.forEach(([up, node], index) => {
      put(this.lines, index * 2, up);
      put(this.lines, index * 2 + 1, node);
    });
    this.nodes.forEach((node, index) => put(this.dots, index, node));
    this.lines.geometry.getAttribute("position").needsUpdate = true;
    this.dots.geometry.getAttribute("position").needsUpdate = true;
  }
}

async function load(url: string, asVrm: boolean): Promise<GLTF> {
  const loader = new GLTFLoader();
  if (asVrm) {
    const { VRMLoaderPlugin } = await import("@pixiv/three-vrm");
    loader.register((parser) => new VRMLoaderPlugin(parser));
  }
  return loader.loadAsync(url);
}

function hasMesh(root: Object3D): boolean {
  let found = false;
  root.traverse((node) => {
    if (node instanceof Mesh) found = true;
  });
  return found;
}

/** The nodes that the clip moves, by the names the loader gave its tracks. */
function movingNodes(root: Object3D, clip: AnimationClip): Set<Object3D> {
  const moving = new Set<Object3D>();
  for (const track of clip.tracks) {
    const { nodeName } = PropertyBinding.parseTrackName(track.name) as { nodeName: string };
    const node = root.getObjectByName(nodeName) ?? root.getObjectByProperty("uuid", nodeName);
    if (node && !track.name.endsWith(".morphTargetInfluences")) moving.add(node);
  }
  return moving;
}

export class Viewer {
  readonly durationSecs: number;
  readonly boneCount: number;
  private readonly mixer: AnimationMixer;
  private readonly bones: Bones;
  private readonly scene = new Scene();
  private readonly lens = new PerspectiveCamera(32, 16 / 9, 0.05, 100);
  private readonly grid: GridHelper;
  private readonly sizes: ResizeObserver;
  private readonly root: Object3D;
  private readonly renderer: WebGLRenderer;
  private readonly canvas: HTMLCanvasElement;
  private camera: Camera = firstCamera;
  private followed = new Vector3();
  private hips: Object3D | null = null;

  private constructor(canvas: HTMLCanvasElement, root: Object3D, clip: AnimationClip) {
    this.canvas = canvas;
    this.root = root;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    const style = getComputedStyle(canvas);
    const ink = (name: string) => new Color(style.getPropertyValue(name).trim() || "#888888");
    this.grid = new GridHelper(10, 20, ink("--stage-line-strong"), ink("--stage-line"));
    const sun = new DirectionalLight(0xffffff, 2.4);
    sun.position.set(2.5, 4, 3);
    const rim = new DirectionalLight(0xffffff, 0.8);
    rim.position.set(-3, 2.5, -3);
    this.scene.add(new AmbientLight(0xffffff, 1.1), sun, rim, this.grid, root);
    const moving = movingNodes(root, clip);
    this.bones = new Bones(root, moving, ink("--stage-bone"));
    this.boneCount = this.bones.count;
    this.hips = [...moving][0] ?? null;
    this.scene.add(this.bones.object);
    root.traverse((node) => {
      if (node instanceof SkinnedMesh) node.frustumCulled = false;
    });
    this.mixer = new AnimationMixer(root);
    this.durationSecs = clip.duration;
    const action = this.mixer.clipAction(clip);
    action.setLoop(LoopOnce, 1);
    action.clampWhenFinished = true;
    action.play();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(canvas);
    this.resize();
  }

  /** `clipUrl` carries the motion; `characterUrl` the body when the clip has none. */
  static async open(
    canvas: HTMLCanvasElement, clipUrl: string, characterUrl: string | null,
  ): Promise<Viewer> {
    const clip = await load(clipUrl, false);
    const motion = clip.animations[0];
    if (!motion) throw new Error("the clip has no animation");
    if (hasMesh(clip.scene) || !characterUrl) return new Viewer(canvas, clip.scene, motion);
    const character = await load(characterUrl, true);
    return new Viewer(canvas, character.scene, motion);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.lens.aspect = width / height;
    this.lens.updateProjectionMatrix();
    this.draw();
  }

  setCamera(camera: Camera): void {
    this.camera = camera;
    this.draw();
  }

  show(character: boolean, skeleton: boolean): void {
    this.root.traverse((node) => {
      if (node instanceof Mesh) {
        node.visible = character;
        const materials = (Array.isArray(node.material) ? node.material : [node.material]) as
          Material[];
        for (const material of materials) {
          material.transparent = skeleton && character ? true : material.transparent;
          material.opacity = skeleton && character ? 0.55 : 1;
        }
      }
    });
    this.bones.object.visible = skeleton;
    this.draw();
  }

  /** Poses everything at `secs` and draws. */
  pose(secs: number): void {
    this.mixer.setTime(Math.min(secs, Math.max(0, this.durationSecs - 1e-6)));
    this.root.updateMatrixWorld(true);
    this.bones.update();
    this.draw();
  }

  /** The first moving joint, metres and its unit quaternion: what a test can hold on to. */
  poseText(): string {
    if (!this.hips) return "";
    const at = new Vector3().setFromMatrixPosition(this.hips.matrixWorld);
    const turn = this.hips.quaternion;
    return [at.x, at.y, at.z, turn.x, turn.y, turn.z, turn.w].map((v) => v.toFixed(4)).join(" ");
  }

  private draw(): void {
    if (this.hips) {
      this.followed.setFromMatrixPosition(this.hips.matrixWorld);
      this.followed.y = 0;
    }
    const { azimuth, polar, distance } = this.camera;
    const from = new Vector3().setFromSpherical(new Spherical(distance, polar, azimuth));
    const eye = aim.clone().add(this.followed);
    this.lens.position.copy(eye).add(from);
    this.lens.lookAt(eye);
    this.grid.position.set(Math.round(this.followed.x), 0, Math.round(this.followed.z));
    this.renderer.render(this.scene, this.lens);
  }

  heightMetres(): number {
    return new Box3().setFromObject(this.root).getSize(new Vector3()).y;
  }

  close(): void {
    this.sizes.disconnect();
    this.mixer.stopAllAction();
    this.scene.traverse((node) => {
      if (node instanceof Mesh || node instanceof LineSegments || node instanceof Points) {
        node.geometry.dispose();
      }
    });
    this.renderer.dispose();
  }
}
