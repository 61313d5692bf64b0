/** An error the Reporting API tells as `{"result": "error", "message": …}`. Most of them come with status 200. */
export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status = 200) {
    super(message);
    this.status = status;
  }
}

/** The visitor of the API may not see what was asked for. */
export function noAccess(what: string): ApiError {
  return new ApiError(`You can't access this resource as it requires ${what}.`, 401);
}

/** There is no such method, or it is hidden from whoever asks. */
export function noSuchMethod(plugin: string, method: string): ApiError {
  return new ApiError(
    `The method '${method}' does not exist or is not available in the module '\\Piwik\\Plugins\\${plugin}\\API'.`,
    400,
  );
}

export function unknownSite(id: string): ApiError {
  return new ApiError(`An unexpected website was found in the request: website id was set to '${id}' .`);
}
