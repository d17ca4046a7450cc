import { oidcAuthority } from '../support/experiment-authorities.ts';
import { refreshExperiments } from './refresh-experiment.contract.ts';

/** Whatever presents a used refresh token here ends the whole grant. */
refreshExperiments('oidc-provider', oidcAuthority);
