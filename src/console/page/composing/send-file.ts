import type { AttachmentView } from '../../api.ts';
import type { UploadAnswer } from '../../desk-api.ts';
import type { UploadFault, UploadsNeeds } from './uploads.ts';

/** Puts a file on the server. XMLHttpRequest, because fetch does not tell how much of a body has left. */
export const sendFile: UploadsNeeds['send'] = (conversationId, file, { progress, signal }) =>
  new Promise<AttachmentView>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (fault: UploadFault) => {
      // What is rejected with is told apart by its name alone.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(fault);
    };
    const name = encodeURIComponent(file.name);
    request.open('POST', `/api/console/conversations/${encodeURIComponent(conversationId)}/uploads?name=${name}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.responseType = 'json';
    request.timeout = 120_000;
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => lengthComputable && progress(loaded / total);
    request.onerror = request.ontimeout = request.onabort = () => fail('unreachable');
    request.onload = () => {
      if (request.status === 413) return fail('too_large');
      if (request.status === 0 || request.status === 429 || request.status >= 500) return fail('unreachable');
      if (request.status >= 400) return fail('refused');
      resolve((request.response as UploadAnswer).attachment);
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
