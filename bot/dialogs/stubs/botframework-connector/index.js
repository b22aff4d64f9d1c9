const names = [
  'AseChannelValidation',
  'AuthenticationConstants',
  'BotFrameworkAuthentication',
  'BotFrameworkAuthenticationFactory',
  'CertificateServiceClientCredentialsFactory',
  'ClaimsIdentity',
  'ConnectorClient',
  'GovernmentConstants',
  'JwtTokenProviderFactory',
  'JwtTokenValidation',
  'MicrosoftAppCredentials',
  'PasswordServiceClientCredentialFactory',
  'ServiceClientCredentialsFactory',
  'SkillValidation',
]

for (const name of names) {
  module.exports[name] = class {
    static isSkillClaim() {
      return false
    }
  }
}
Object.assign(module.exports.AuthenticationConstants, {
  AppIdClaim: 'appid',
  AnonymousSkillAppId: 'AnonymousSkill',
  AnonymousAuthType: 'anonymous',
})
