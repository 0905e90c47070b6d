# A contact centre with all resources that access depends on. `changed` gives every resource another value.

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

variable "permissions" {
  type = set(string)
}

variable "tags" {
  type = map(string)
}

variable "changed" {
  type = bool
}

locals {
  instance    = aws_connect_instance.centre.id
  description = var.changed ? "Changed" : "Made by Terraform"
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
  early_media_enabled      = !var.changed
}

resource "aws_connect_security_profile" "agents" {
  instance_id = local.instance
  name        = "Terraform agents"
  description = local.description
  permissions = var.permissions
  tags        = var.tags
}

resource "aws_connect_contact_flow_module" "lookup" {
  instance_id = local.instance
  name        = "Look up an order"
  description = local.description
  content = jsonencode({
    Version     = "2019-10-30"
    StartAction = var.changed ? "last" : "first"
    Actions     = []
  })
  tags = var.tags
}

output "created_time" {
  value = aws_connect_instance.centre.created_time
}

# The import identifiers of the resources.
output "ids" {
  value = {
    "aws_connect_contact_flow_module.lookup"    = aws_connect_contact_flow_module.lookup.id
    "aws_connect_hours_of_operation.weekdays"   = aws_connect_hours_of_operation.weekdays.id
    "aws_connect_instance.centre"               = aws_connect_instance.centre.id
    "aws_connect_queue.orders"                  = aws_connect_queue.orders.id
    "aws_connect_queue.returns"                 = aws_connect_queue.returns.id
    "aws_connect_quick_connect.office"          = aws_connect_quick_connect.office.id
    "aws_connect_quick_connect.person"          = aws_connect_quick_connect.person.id
    "aws_connect_quick_connect.returns"         = aws_connect_quick_connect.returns.id
    "aws_connect_routing_profile.calls"         = aws_connect_routing_profile.calls.id
    "aws_connect_security_profile.agents"       = aws_connect_security_profile.agents.id
    "aws_connect_user.ada"                      = aws_connect_user.ada.id
    "aws_connect_user.grace"                    = aws_connect_user.grace.id
    "aws_connect_user_hierarchy_group.site"     = aws_connect_user_hierarchy_group.site.id
    "aws_connect_user_hierarchy_group.team"     = aws_connect_user_hierarchy_group.team.id
    "aws_connect_user_hierarchy_structure.only" = aws_connect_user_hierarchy_structure.only.id
  }
}
