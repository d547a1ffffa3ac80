"""What `chalice package` merges into its template: all that is not Chalice's own."""

from typing import Any

from infra import headers
from infra.alarms import alarms
from infra.functions import functions
from infra.intrinsics import NOTHING, Properties, allow, att, ref, role, sub, when
from infra.storage import buckets, queues, tables

# Managed by AWS, the same in every account:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-38268d8966ac"

EVERY_METHOD = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]

# A path without a file's ending is a place inside the page, which the page itself finds.
# Error pages would do it too, but for the whole distribution: a 404 of a door would become html.
FIND_THE_PAGE = """function handler(event) {
  var request = event.request;
  if (request.uri.split('/').pop().indexOf('.') === -1) request.uri = '/index.html';
  return request;
}"""


def template() -> dict[str, Any]:
    """Parameters, conditions, resources and outputs, to be merged over Chalice's template."""
    return {
        "Description": "Atendente: the live-chat desk of one agency",
        "Parameters": parameters(),
        "Conditions": conditions(),
        "Resources": resources(),
        "Outputs": outputs(),
    }


def parameters() -> dict[str, Properties]:
    """What differs between agencies, and between AWS and the embedded stack."""

    def text(description: str, default: str | None = "", **more: Any) -> Properties:
        given = {} if default is None else {"Default": default}
        return {"Type": "String", "Description": description, **given, **more}

    return {
        "Agency": text(
            "Short name: part of the path of the agency's secrets",
            None,
            AllowedPattern="[a-z][a-z0-9-]{1,30}",
        ),
        "AgencyName": text("The name that agents see", "Atendente"),
        "TimeZone": text("The zone in which days begin and end", "America/Sao_Paulo"),
        "GraphUrl": text("Where Meta's Graph API is", "https://graph.facebook.com"),
        "InstagramUrl": text(
            "Where Instagram's API is for accounts that logged in there",
            "https://graph.instagram.com",
        ),
        "PushService": text("Embedded stack only: the origin of what stands for push services"),
        "GraphVersion": text("The version of the Graph API", "v25.0"),
        "WebOrigin": text("Origin of the page if it is not CloudFront's own, without a slash"),
        "Domain": text("Host name of the page at CloudFront; needs CertificateArn"),
        "CertificateArn": text("ACM certificate of Domain, in us-east-1"),
        "Gateway": text("Embedded stack only: host, port and path of its execute-api"),
        "AlarmEmail": text("Who is told of alarms"),
        "KeepData": text(
            "Refuse to delete the table and the user pool", "yes", AllowedValues=["yes", "no"]
        ),
        "Mfa": text(
            "Second factor by authenticator app", "OFF", AllowedValues=["OFF", "OPTIONAL", "ON"]
        ),
        "LogLevel": text(
            "What the functions log", "INFO", AllowedValues=["DEBUG", "INFO", "WARNING", "ERROR"]
        ),
    }


def conditions() -> dict[str, Properties]:
    """Names for what the parameters say."""

    def given(parameter: str) -> Properties:
        return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}

    return {
        "OnAws": {"Fn::Equals": [ref("Gateway"), ""]},
        "HasOrigin": given("WebOrigin"),
        "HasDomain": given("Domain"),
        "HasAlarmEmail": given("AlarmEmail"),
        "KeepsData": {"Fn::Equals": [ref("KeepData"), "yes"]},
        "HasMfa": {"Fn::Not": [{"Fn::Equals": [ref("Mfa"), "OFF"]}]},
    }


def resources() -> dict[str, Properties]:
    """Every resource, those of Chalice's with what is laid over them."""
    return {
        **tables(),
        **queues(),
        **buckets(),
        **login(),
        **timers(),
        **doors(),
        **page(),
        **functions(),
        **alarms(),
    }


def login() -> dict[str, Properties]:
    """The agents' user pool, in which only an administrator makes users, and the page's client."""
    return {
        "UserPool": {
            "Type": "AWS::Cognito::UserPool",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "UsernameAttributes": ["email"],
                "UsernameConfiguration": {"CaseSensitive": False},
                "AutoVerifiedAttributes": ["email"],
                "UserAttributeUpdateSettings": {
                    "AttributesRequireVerificationBeforeUpdate": ["email"]
                },
                "AccountRecoverySetting": {
                    "RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]
                },
                "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
                "Policies": {
                    "PasswordPolicy": {
                        "MinimumLength": 10,
                        "RequireLowercase": True,
                        "RequireUppercase": True,
                        "RequireNumbers": True,
                        "RequireSymbols": False,
                        "TemporaryPasswordValidityDays": 7,
                    }
                },
                "MfaConfiguration": ref("Mfa"),
                "EnabledMfas": when("HasMfa", ["SOFTWARE_TOKEN_MFA"], NOTHING),
                "DeletionProtection": when("KeepsData", "ACTIVE", "INACTIVE"),
            },
        },
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {
                "UserPoolId": ref("UserPool"),
                "GenerateSecret": False,
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "PreventUserExistenceErrors": "ENABLED",
                "EnableTokenRevocation": True,
                "IdTokenValidity": 15,
                "AccessTokenValidity": 15,
                "RefreshTokenValidity": 12,
                "TokenValidityUnits": {
                    "IdToken": "minutes",
                    "AccessToken": "minutes",
                    "RefreshToken": "hours",
                },
                "ReadAttributes": ["email", "email_verified", "name"],
                # An empty list means "all". Who may write their own e-mail may pose as another.
                "WriteAttributes": ["locale"],
            },
        },
    }


def timers() -> dict[str, Properties]:
    """The group that holds this stack's schedules, and the role in which they reach their queues.

    Templates follow Meta once a day, beside the webhooks that tell of them; promises that no
    schedule brought are looked for every five minutes.
    """

    def every(rate: str, within: int | None, target: str, body: str) -> Properties:
        window: Properties = {"Mode": "OFF"}
        if within is not None:
            window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": within}
        return {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "GroupName": ref("Schedules"),
                "ScheduleExpression": f"rate({rate})",
                "FlexibleTimeWindow": window,
                "Target": {"Arn": att(target), "RoleArn": att("SchedulesRole"), "Input": body},
            },
        }

    return {
        "Schedules": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {}},
        "SchedulesRole": role(
            "scheduler.amazonaws.com",
            "Schedules",
            [allow(["sqs:SendMessage"], att("DueQueue"), att("FetchQueue"))],
        ),
        "TemplatesDaily": every("1 day", 60, "FetchQueue", '{"what": "templates"}'),
        "Sweep": every("5 minutes", None, "DueQueue", '{"what": "sweep"}'),
    }


def doors() -> dict[str, Properties]:
    """What is laid over Chalice's two gateways."""

    def refusal(status: int, code: str) -> Properties:
        body = f'{{"code": "{code}"}}'
        return {"StatusCode": status, "ResponseTemplates": {"application/json": body}}

    def failure(code: str) -> Properties:
        return {"ResponseTemplates": {"application/json": f'{{"code": "{code}"}}'}}

    return {
        "RestAPI": {
            "Properties": {
                "Name": ref("AWS::StackName"),
                "TracingEnabled": True,
                "MethodSettings": [
                    {
                        "ResourcePath": "/*",
                        "HttpMethod": "*",
                        "ThrottlingRateLimit": 500,
                        "ThrottlingBurstLimit": 1000,
                        "MetricsEnabled": False,
                        "DataTraceEnabled": False,
                    }
                ],
                "GatewayResponses": {
                    "UNAUTHORIZED": refusal(401, "unauthenticated"),
                    "EXPIRED_TOKEN": refusal(401, "unauthenticated"),
                    "MISSING_AUTHENTICATION_TOKEN": refusal(404, "not_found"),
                    "ACCESS_DENIED": refusal(403, "forbidden"),
                    "WAF_FILTERED": refusal(403, "forbidden"),
                    "THROTTLED": refusal(429, "too_many_requests"),
                    "QUOTA_EXCEEDED": refusal(429, "too_many_requests"),
                    "REQUEST_TOO_LARGE": refusal(413, "too_large"),
                    "DEFAULT_4XX": failure("bad_request"),
                    "DEFAULT_5XX": failure("unavailable"),
                },
            }
        },
        "WebsocketAPIStage": {
            "Properties": {
                "AutoDeploy": True,
                "DefaultRouteSettings": {
                    "ThrottlingRateLimit": 500,
                    "ThrottlingBurstLimit": 1000,
                    "DataTraceEnabled": False,
                },
            }
        },
    }


def page() -> dict[str, Properties]:
    """CloudFront: the page and, under the same origin, the doors."""
    sockets = "wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    login_server = "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}"
    media = "https://${MediaBucket.RegionalDomainName}"
    return {
        "PageAccess": {
            "Type": "AWS::CloudFront::OriginAccessControl",
            "Properties": {
                "OriginAccessControlConfig": {
                    "Name": sub("${AWS::StackName}-page"),
                    "OriginAccessControlOriginType": "s3",
                    "SigningBehavior": "always",
                    "SigningProtocol": "sigv4",
                }
            },
        },
        "PageHeaders": {
            "Type": "AWS::CloudFront::ResponseHeadersPolicy",
            "Properties": {
                "ResponseHeadersPolicyConfig": {
                    "Name": sub("${AWS::StackName}-page"),
                    **headers.cloudfront(
                        sub(headers.content_security_policy([sockets, login_server], [media]))
                    ),
                }
            },
        },
        "PageFinder": {
            "Type": "AWS::CloudFront::Function",
            "Properties": {
                "Name": sub("${AWS::StackName}-page"),
                "AutoPublish": True,
                "FunctionCode": FIND_THE_PAGE,
                "FunctionConfig": {
                    "Comment": "A place inside the page is the page",
                    "Runtime": "cloudfront-js-2.0",
                },
            },
        },
        "Distribution": {
            "Type": "AWS::CloudFront::Distribution",
            # The one rule ignored: CertificateArn may be empty, and is read only where it is not.
            "Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W1030"]}}},
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "Comment": sub("Atendente ${Agency}"),
                    "HttpVersion": "http2and3",
                    "IPV6Enabled": True,
                    "PriceClass": "PriceClass_All",
                    "DefaultRootObject": "index.html",
                    "Aliases": when("HasDomain", [ref("Domain")], NOTHING),
                    "ViewerCertificate": when(
                        "HasDomain",
                        {
                            "AcmCertificateArn": ref("CertificateArn"),
                            "SslSupportMethod": "sni-only",
                            "MinimumProtocolVersion": "TLSv1.2_2021",
                        },
                        {"CloudFrontDefaultCertificate": True},
                    ),
                    "Origins": [
                        {
                            "Id": "page",
                            "DomainName": att("WebBucket", "RegionalDomainName"),
                            "OriginAccessControlId": att("PageAccess", "Id"),
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                        },
                        {
                            # No origin path: the stage is called `api`, as the path is.
                            "Id": "doors",
                            "DomainName": sub(
                                "${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
                            ),
                            "CustomOriginConfig": {
                                "OriginProtocolPolicy": "https-only",
                                "OriginSSLProtocols": ["TLSv1.2"],
                            },
                        },
                    ],
                    "DefaultCacheBehavior": {
                        "TargetOriginId": "page",
                        "ViewerProtocolPolicy": "redirect-to-https",
                        "Compress": True,
                        "CachePolicyId": CACHING_OPTIMIZED,
                        "ResponseHeadersPolicyId": ref("PageHeaders"),
                        "FunctionAssociations": [
                            {
                                "EventType": "viewer-request",
                                "FunctionARN": att("PageFinder", "FunctionARN"),
                            }
                        ],
                    },
                    "CacheBehaviors": [
                        {
                            "PathPattern": "/api/*",
                            "TargetOriginId": "doors",
                            "ViewerProtocolPolicy": "https-only",
                            "AllowedMethods": EVERY_METHOD,
                            "Compress": True,
                            "CachePolicyId": CACHING_DISABLED,
                            "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
                            "ResponseHeadersPolicyId": ref("PageHeaders"),
                        }
                    ],
                }
            },
        },
    }


def outputs() -> dict[str, Properties]:
    """What deployment, the page's configuration and the local stack read back."""
    values = {
        "Region": ref("AWS::Region"),
        "UserPoolId": ref("UserPool"),
        "ClientId": ref("Client"),
        "LiveUrl": when(
            "OnAws",
            sub("wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"),
            sub("ws://${Gateway}/${WebsocketAPI}/api"),
        ),
        "WebUrl": when("HasOrigin", ref("WebOrigin"), sub("https://${Distribution.DomainName}")),
        "ApiUrl": when(
            "HasOrigin", sub("${WebOrigin}/api"), sub("https://${Distribution.DomainName}/api")
        ),
        "WebBucketName": ref("WebBucket"),
        "MediaBucketName": ref("MediaBucket"),
        "DistributionId": ref("Distribution"),
        "AlarmTopic": ref("Alarms"),
        "SecretsPrefix": sub("/atendente/${Agency}"),
        "DeskTable": ref("Desk"),
        "ConnectionsTable": ref("Connections"),
        "InboundQueueUrl": ref("InboundQueue"),
        "StatusesQueueUrl": ref("StatusesQueue"),
        "OutboundQueueUrl": ref("OutboundQueue"),
        "RedoQueueUrl": ref("RedoQueue"),
        "DueQueueUrl": ref("DueQueue"),
        "FetchQueueUrl": ref("FetchQueue"),
        "NotifyQueueUrl": ref("NotifyQueue"),
        "PushQueueUrl": ref("PushQueue"),
    }
    return {name: {"Value": value} for name, value in values.items()}
