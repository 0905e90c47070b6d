# One contact centre with a security profile, and the same again through the data sources.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "endpoint" {
  type = string
}

variable "alias" {
  type = string
}

variable "description" {
  type = string
}

variable "permissions" {
  type = set(string)
}

variable "tags" {
  type = map(string)
}

variable "early_media" {
  type = bool
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    connect = var.endpoint
  }
}

resource "aws_connect_instance" "centre" {
  instance_alias           = var.alias
  identity_management_type = "CONNECT_MANAGED"
  inbound_calls_enabled    = true
  outbound_calls_enabled   = true
  early_media_enabled      = var.early_media
}

resource "aws_connect_security_profile" "agents" {
  instance_id = aws_connect_instance.centre.id
  name        = "Terraform agents"
  description = var.description
  permissions = var.permissions
  tags        = var.tags
}

data "aws_connect_instance" "by_id" {
  instance_id = aws_connect_instance.centre.id
}

data "aws_connect_instance" "by_alias" {
  instance_alias = aws_connect_instance.centre.instance_alias
}

data "aws_connect_security_profile" "by_id" {
  instance_id         = aws_connect_instance.centre.id
  security_profile_id = aws_connect_security_profile.agents.security_profile_id
}

data "aws_connect_security_profile" "by_name" {
  instance_id = aws_connect_instance.centre.id
  name        = aws_connect_security_profile.agents.name
}

data "aws_connect_security_profile" "built_in" {
  instance_id = aws_connect_instance.centre.id
  name        = "QualityAnalyst"
}

output "instance_id" {
  value = aws_connect_instance.centre.id
}

output "security_profile_id" {
  value = aws_connect_security_profile.agents.security_profile_id
}

output "created_time" {
  value = aws_connect_instance.centre.created_time
}

output "found" {
  value = {
    instance_by_id    = data.aws_connect_instance.by_id.instance_alias
    instance_by_alias = data.aws_connect_instance.by_alias.id
    profile_by_id     = data.aws_connect_security_profile.by_id.name
    profile_by_name   = data.aws_connect_security_profile.by_name.security_profile_id
    permissions       = data.aws_connect_security_profile.by_name.permissions
    tags              = data.aws_connect_security_profile.by_name.tags
    built_in          = data.aws_connect_security_profile.built_in.permissions
  }
}
