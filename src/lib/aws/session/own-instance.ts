import { type MetadataRequest, openMetadata, readFirmware } from './session-metadata.ts';

const instanceId = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/**
 * Id of the instance that this runs on, so that nobody stops what stops; undefined elsewhere, and where neither the
 * firmware nor the metadata service tell it. The firmware of Nitro has it as its asset tag, without any question.
 */
export async function ownInstanceId(request: MetadataRequest): Promise<string | undefined> {
  const tag = await readFirmware(request.firmwareFolder ?? '/sys/class/dmi/id', 'board_asset_tag');
  if (tag !== undefined && instanceId.test(tag)) return tag;
  try {
    const metadata = await openMetadata(request);
    const id = (await metadata?.read('/latest/meta-data/instance-id'))?.trim();
    return id !== undefined && instanceId.test(id) ? id : undefined;
  } catch {
    request.signal.throwIfAborted();
    return undefined;
  }
}
