/**
 * Foxglove's message types for pictures and scenes, by the names and numbers by which Foxglove and Rerun know them
 * (https://docs.foxglove.dev/docs/sdk/schemas, https://github.com/foxglove/foxglove-sdk, `schemas/proto`). All fields
 * are here, those that we leave empty too: readers expect the types whole.
 */
import { type FieldKind, type MessageType, many, one } from './messageType.ts';

const timestamp = type('google.protobuf.Timestamp', { seconds: one(1, 'int64'), nanos: one(2, 'int32') });
const duration = type('google.protobuf.Duration', { seconds: one(1, 'int64'), nanos: one(2, 'int32') });

const xyz = { x: one(1, 'double'), y: one(2, 'double'), z: one(3, 'double') };
const vector3 = type('foxglove.Vector3', xyz);
const point3 = type('foxglove.Point3', xyz);
const quaternion = type('foxglove.Quaternion', { ...xyz, w: one(4, 'double') });
const pose = type('foxglove.Pose', { position: one(1, of(vector3)), orientation: one(2, of(quaternion)) });
const color = type('foxglove.Color', {
  r: one(1, 'double'),
  g: one(2, 'double'),
  b: one(3, 'double'),
  a: one(4, 'double'),
});

const keyValuePair = type('foxglove.KeyValuePair', { key: one(1, 'string'), value: one(2, 'string') });

const arrow = type('foxglove.ArrowPrimitive', {
  pose: one(1, of(pose)),
  shaft_length: one(2, 'double'),
  shaft_diameter: one(3, 'double'),
  head_length: one(4, 'double'),
  head_diameter: one(5, 'double'),
  color: one(6, of(color)),
});

const cube = type('foxglove.CubePrimitive', {
  pose: one(1, of(pose)),
  size: one(2, of(vector3)),
  color: one(3, of(color)),
});

const sphere = type('foxglove.SpherePrimitive', cube.fields);

const cylinder = type('foxglove.CylinderPrimitive', {
  pose: one(1, of(pose)),
  size: one(2, of(vector3)),
  bottom_scale: one(3, 'double'),
  top_scale: one(4, 'double'),
  color: one(5, of(color)),
});

const line = type(
  'foxglove.LinePrimitive',
  {
    type: one(1, { enum: 'foxglove.LinePrimitive.Type' }),
    pose: one(2, of(pose)),
    thickness: one(3, 'double'),
    scale_invariant: one(4, 'bool'),
    points: many(5, of(point3)),
    color: one(6, of(color)),
    colors: many(7, of(color)),
    indices: many(8, 'fixed32'),
  },
  { Type: ['LINE_STRIP', 'LINE_LOOP', 'LINE_LIST'] },
);

const triangles = type('foxglove.TriangleListPrimitive', {
  pose: one(1, of(pose)),
  points: many(2, of(point3)),
  color: one(3, of(color)),
  colors: many(4, of(color)),
  indices: many(5, 'fixed32'),
});

const text = type('foxglove.TextPrimitive', {
  pose: one(1, of(pose)),
  billboard: one(2, 'bool'),
  font_size: one(3, 'double'),
  scale_invariant: one(4, 'bool'),
  color: one(5, of(color)),
  text: one(6, 'string'),
});

const model = type('foxglove.ModelPrimitive', {
  pose: one(1, of(pose)),
  scale: one(2, of(vector3)),
  color: one(3, of(color)),
  override_color: one(4, 'bool'),
  url: one(5, 'string'),
  media_type: one(6, 'string'),
  data: one(7, 'bytes'),
});

const sceneEntity = type('foxglove.SceneEntity', {
  timestamp: one(1, of(timestamp)),
  frame_id: one(2, 'string'),
  id: one(3, 'string'),
  lifetime: one(4, of(duration)),
  frame_locked: one(5, 'bool'),
  metadata: many(6, of(keyValuePair)),
  arrows: many(7, of(arrow)),
  cubes: many(8, of(cube)),
  spheres: many(9, of(sphere)),
  cylinders: many(10, of(cylinder)),
  lines: many(11, of(line)),
  triangles: many(12, of(triangles)),
  texts: many(13, of(text)),
  models: many(14, of(model)),
});

const sceneEntityDeletion = type(
  'foxglove.SceneEntityDeletion',
  {
    timestamp: one(1, of(timestamp)),
    type: one(2, { enum: 'foxglove.SceneEntityDeletion.Type' }),
    id: one(3, 'string'),
  },
  { Type: ['MATCHING_ID', 'ALL'] },
);

/** Shapes in space; an entity replaces the one of the same id. */
export const sceneUpdate = type('foxglove.SceneUpdate', {
  deletions: many(1, of(sceneEntityDeletion)),
  entities: many(2, of(sceneEntity)),
});

/** A picture; `format` is `png`. */
export const compressedImage = type('foxglove.CompressedImage', {
  timestamp: one(1, of(timestamp)),
  frame_id: one(4, 'string'),
  data: one(2, 'bytes'),
  format: one(3, 'string'),
});

function type(name: string, fields: MessageType['fields'], enums?: MessageType['enums']): MessageType {
  return { name, fields, ...(enums === undefined ? {} : { enums }) };
}

function of(message: MessageType): FieldKind {
  return { message };
}
